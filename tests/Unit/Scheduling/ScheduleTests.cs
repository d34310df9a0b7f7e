using FluentAssertions;
using Pipeline.Scheduling;
using Quartz;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Windows => [.. Enumerable.Range(1, 3600).Where(s => 3600 % s == 0)];

    [Fact]
    public void Five_minutes_are_cron_every_five_minutes_and_ten_seconds_later()
    {
        var schedule = Parse("every window");

        schedule.Cron.Should().Be("10 */5 * * * ?");
        schedule.Next(_noon).Should().Be(_noon.AddSeconds(10));
        schedule.Next(_noon.AddSeconds(10)).Should().Be(_noon.AddSeconds(310));
        schedule.Last(_noon.AddSeconds(10)).Should().Be(_noon.AddSeconds(10));
        schedule.Last(_noon.AddSeconds(309)).Should().Be(_noon.AddSeconds(10));
        schedule.Interval(_noon).Should().Be(TimeSpan.FromMinutes(5));
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Every_window_gets_one_time_of_its_own_shortly_after_its_end(int seconds)
    {
        var window = TimeSpan.FromSeconds(seconds);
        var schedule = Parse("every window", window);
        var offset = schedule.Next(_noon) - _noon;

        offset.Should().BePositive().And.BeLessThan(window).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
        schedule.Count(_noon, _noon.AddHours(1)).Should().Be(3600 / seconds);
        for (var (time, n) = (schedule.Next(_noon), 0); n < 100; time = schedule.Next(time), n++) time.Should().Be(_noon + (n * window) + offset);
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void What_Quartz_is_given_fires_at_the_same_times(int seconds) => QuartzFiresWith(Parse("every window", TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("7s")]
    [InlineData("45s")]
    [InlineData("1.5s")]
    [InlineData("2h")]
    [InlineData("1d")]
    public void So_does_what_no_cron_expression_can_say(string text) => QuartzFiresWith(Parse(text));

    [Theory]
    [InlineData("30s", "*/30 * * * * ?", 30)]
    [InlineData("45s", null, 45)]
    [InlineData("1h", "0 0 * * * ?", 3600)]
    [InlineData("1d", null, 86400)]
    [InlineData("*/15 * * * *", "0 */15 * * * ?", 900)]
    [InlineData("7 0/10 * * * ?", "7 0/10 * * * ?", 600)]
    public void Durations_and_cron_expressions_are_understood(string text, string? cron, int interval)
    {
        var schedule = Parse(text);

        schedule.Cron.Should().Be(cron);
        schedule.Interval(_noon).TotalSeconds.Should().Be(interval);
        schedule.Count(_noon, _noon.AddDays(1)).Should().Be(86400 / interval);
        schedule.Last(schedule.Next(_noon)).Should().Be(schedule.Next(_noon));
        schedule.Next(schedule.Last(_noon)).Should().BeAfter(_noon);
    }

    [Theory]
    [InlineData("")]
    [InlineData("now and then")]
    [InlineData("100ms")]
    [InlineData("2d")]
    [InlineData("61 * * * *")]
    [InlineData("* * * *")]
    public void Anything_else_is_refused(string text) => Schedule.TryParse(text, TimeSpan.FromMinutes(5), out _).Should().BeNull();

    [Fact]
    public void A_time_that_never_comes_again_is_refused()
    {
        Schedule.TryParse("0 0 0 1 1 ? 2020", TimeSpan.FromMinutes(5), out var problem).Should().BeNull();
        problem.Should().Contain("never");
    }

    private static void QuartzFiresWith(Schedule schedule)
    {
        var now = _noon.AddMilliseconds(987_654);

        var trigger = schedule.Apply(TriggerBuilder.Create(), now).Build();

        for (var (quartz, ours, n) = (trigger.GetFireTimeAfter(now), schedule.Next(now), 0); n < 100; quartz = trigger.GetFireTimeAfter(quartz), ours = schedule.Next(ours), n++)
        {
            quartz.Should().Be(ours);
        }
    }

    private static Schedule Parse(string text, TimeSpan? window = null) =>
        Schedule.TryParse(text, window ?? TimeSpan.FromMinutes(5), out var problem) ?? throw new InvalidOperationException(problem);
}
