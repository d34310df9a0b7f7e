using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Archiving;
using Pipeline.Monitoring;
using Pipeline.Monitoring.Health;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.Health;

public sealed class WriterHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FixedRun _run = new();
    private readonly ScheduleStats _schedule = new();
    private readonly WriterRuns _runs;
    private readonly WriterHealth _health;

    public WriterHealthTests()
    {
        _runs = new WriterRuns(_run, _time);
        _health = new WriterHealth(new LakeOptions { Window = TimeSpan.FromMinutes(5) }, _runs, _schedule, _time);
    }

    [Fact]
    public async Task Runs_that_end_well_are_well_also_with_nothing_to_write()
    {
        _time.Advance(TimeSpan.FromHours(1));
        await RunAsync(RunOutcome.Nothing);
        _time.Advance(TimeSpan.FromMinutes(12));

        _health.Look().Should().BeEmpty();
    }

    [Fact]
    public async Task One_that_failed_says_why_until_one_ends_well()
    {
        await RunAsync(RunOutcome.Failed);
        _health.Look().Should().ContainSingle().Which.Text.Should().Be("The last run failed: The disk is full.");

        await RunAsync(RunOutcome.Written);
        _health.Look().Should().BeEmpty();
    }

    [Fact]
    public void Without_a_run_for_more_than_two_windows_the_writer_hangs()
    {
        _time.Advance(TimeSpan.FromMinutes(12));
        _health.Look().Should().BeEmpty();

        _time.Advance(TimeSpan.FromMinutes(1));
        _health.Look().Should().ContainSingle().Which.Text.Should().Be("No run has ended well for 13 min.");
    }

    [Fact]
    public void A_schedule_with_longer_intervals_has_more_time()
    {
        _schedule.Is(next: null, paused: null, TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(2));

        _health.Look().Should().BeEmpty();
    }

    [Fact]
    public void A_schedule_that_is_paused_is_all_there_is_to_say()
    {
        _schedule.Is(next: null, paused: new DateTimeOffset(2026, 7, 4, 14, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromHours(2));

        _health.Look().Should().ContainSingle().Which.Text.Should().Be("The schedule is paused since 2026-07-04 14:00:00Z.");
    }

    private Task<RunReport> RunAsync(RunOutcome outcome)
    {
        _run.Next = () => FixedRun.Report(outcome);
        return _runs.RunAsync(new RunRequest("1", RunTrigger.Schedule, _time.GetUtcNow(), 1, Drain: false), TestContext.Current.CancellationToken);
    }
}
