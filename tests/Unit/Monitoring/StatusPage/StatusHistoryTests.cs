using FluentAssertions;
using Pipeline.Monitoring.StatusPage;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.StatusPage;

public sealed class StatusHistoryTests
{
    private const int Points = 180;

    private readonly StatusHistory _history = new(2);

    [Fact]
    public void Fifteen_minutes_are_kept_and_no_more()
    {
        for (var second = 0; second <= 3600; second++) _history.Add(Readings.At(second, posts: second * 3, likes: second * 40, waiting: second));

        var chart = _history.ToChart();
        chart.Rates.Should().HaveCount(2);
        chart.Rates[0].Should().HaveCount(Points).And.OnlyContain(r => r == 3);
        chart.Rates[1].Should().HaveCount(Points).And.OnlyContain(r => r == 40);
        chart.Start.Should().Be(Readings.Start.AddMinutes(45));
        chart.Waiting[0].Should().Be((45 * 60) + 4, "a point has what was there at its end");
        chart.Waiting[^1].Should().Be(3599);
        chart.Memory[^1].Should().Be(1000 + 3599);
        chart.Now.Should().Equal(3, 40);
    }

    [Fact]
    public void What_was_not_seen_is_no_point()
    {
        var chart = _history.ToChart();
        chart.Rates[0].Should().HaveCount(Points).And.OnlyContain(r => r == null);
        chart.Now.Should().Equal(0, 0);

        for (var second = 0; second <= 10; second++) _history.Add(Readings.At(second));
        chart = _history.ToChart();
        chart.Rates[0].Count(r => r is not null).Should().Be(2);
        chart.Rates[0][^2..].Should().Equal(0, 0);
    }

    [Fact]
    public void Growth_between_two_looks_is_spread_over_the_time_between()
    {
        // Looks at 4 s and 11 s: the point in between was not looked at, and nothing that came meanwhile is left out.
        _history.Add(Readings.At(0));
        _history.Add(Readings.At(4, posts: 40));
        _history.Add(Readings.At(11, posts: 110));

        _history.ToChart().Rates[0][^2..].Should().Equal(10, 10);
    }

    [Fact]
    public void The_points_add_up_to_what_was_counted()
    {
        var posts = 0L;
        var random = new Random(4);
        for (var ms = 0; ms <= 600_000; ms += 1000 + random.Next(40)) _history.Add(Readings.At(ms / 1000.0, posts: posts += random.Next(500)));

        _history.ToChart().Rates[0].Sum(r => r * 5).Should().BeApproximately(posts, 0.015 * posts, "edges of points are where looks are, within 40 ms, and the last is open");
    }

    [Fact]
    public void A_pause_of_the_process_is_a_hole()
    {
        for (var second = 0; second <= 20; second++) _history.Add(Readings.At(second, posts: second * 10));
        for (var second = 60; second <= 80; second++) _history.Add(Readings.At(second, posts: 200 + (second * 10)));

        _history.ToChart().Rates[0][^16..].Should().Equal(10, 10, 10, 10, null, null, null, null, null, null, null, null, 10, 10, 10, 10);
    }

    [Fact]
    public void What_Redis_did_not_say_is_a_hole_in_its_charts_only()
    {
        for (var second = 0; second <= 15; second++) _history.Add(Readings.At(second, posts: second * 10, waiting: 7, up: second is < 5 or >= 10));

        var chart = _history.ToChart();
        chart.Waiting.TakeLast(3).Should().Equal(7, null, 7);
        chart.Memory.TakeLast(3).Should().Equal(1007, null, 1007);
        chart.Rates[0][^3..].Should().Equal(10, 10, 10);
    }

    [Fact]
    public void A_clock_that_is_set_back_starts_anew()
    {
        for (var second = 100; second <= 200; second++) _history.Add(Readings.At(second, posts: second * 10));
        _history.Add(Readings.At(199, posts: 2010));
        _history.ToChart().Rates[0].Count(r => r is not null).Should().Be(20, "a second back is no reason to forget");

        for (var second = 0; second <= 10; second++) _history.Add(Readings.At(second, posts: 3000 + (second * 20)));
        _history.ToChart().Rates[0].Where(r => r is not null).Should().Equal(20, 20);
    }
}
