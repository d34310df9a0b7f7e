using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>Another attempt is made where the next scheduled run would be later.</summary>
public sealed class RunPlannerTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("planner-");
    private readonly InstantTime _time = new(_noon);
    private readonly ScheduleStore _store;
    private readonly RunPlanner _planner;

    public RunPlannerTests()
    {
        var window = TimeSpan.FromMinutes(5);
        var options = new ScheduleOptions(Schedule.Every(window), window, Path.Combine(_folder.FullName, "schedule.db")) { Limit = _limit };
        _store = new ScheduleStore(options, new ScheduleStats(), _time, NullLogger.Instance);
        _planner = new RunPlanner(options, _store, new ScheduleStats(), NullLogger.Instance);
    }

    public void Dispose()
    {
        _store.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("5m", false)]
    [InlineData("10m", false)]
    [InlineData("15m", true)]
    [InlineData("1d", true)]
    public void A_run_that_was_stopped_at_its_limit_is_tried_again_where_the_next_is_far_off(string schedule, bool again) =>
        MayRetry(schedule, begin: _limit + TimeSpan.FromSeconds(2), RunOutcome.TimedOut, _limit).Should().Be(again);

    [Theory]
    [InlineData(100, true)]
    [InlineData(299, false)]
    public void One_that_failed_is_tried_again_where_it_would_have_failed_before_the_next_is_due(int begin, bool again) =>
        MayRetry("5m", TimeSpan.FromSeconds(begin), RunOutcome.Failed, TimeSpan.FromSeconds(1)).Should().Be(again);

    private bool MayRetry(string schedule, TimeSpan begin, RunOutcome outcome, TimeSpan duration)
    {
        var due = new DueTimes(Schedule.TryParse(schedule, TimeSpan.FromMinutes(5), out _)!, null);
        var plan = _planner.Scheduled(due, _noon, _noon, catchUp: false, drain: false);
        return plan.MayRetry(_noon + begin, new RunReport(outcome, [], duration, "away", true), 1);
    }
}
