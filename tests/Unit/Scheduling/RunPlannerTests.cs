using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>Another attempt is made where the next scheduled run would be later, and nobody has paused the schedule.</summary>
public sealed class RunPlannerTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private static readonly RunReport _failed = new(RunOutcome.Failed, [], TimeSpan.FromSeconds(1), "away", true);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("planner-");
    private readonly InstantTime _time = new(_noon);
    private readonly ScheduleStore _store;
    private readonly RunPlanner _planner;
    private DueTimes _times = new(Parse("1d"), null);

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

    [Fact]
    public void Nothing_is_tried_again_while_the_schedule_is_paused()
    {
        var plan = Plan("1d");

        _store.Control.Pause("new disk");
        plan.MayRetry(_noon.AddSeconds(2), _failed, 1).Should().BeFalse();
        _store.Control.Resume();
        plan.MayRetry(_noon.AddSeconds(2), _failed, 1).Should().BeTrue();
    }

    [Fact]
    public void Nothing_is_tried_again_while_the_database_that_was_paused_cannot_be_read()
    {
        var plan = Plan("1d");
        _store.Control.Pause("new disk");
        _store.ReadState();

        using (var connection = _store.Database.Connect()) connection.Execute("DROP TABLE schedule");

        plan.MayRetry(_noon.AddSeconds(2), _failed, 1).Should().BeFalse();
    }

    [Fact]
    public void A_schedule_that_was_changed_meanwhile_is_the_one_that_counts()
    {
        var plan = Plan("1d");

        _times = new DueTimes(Parse("1m"), _times.Last);
        _times.CountFrom(_noon, _noon);

        plan.MayRetry(_noon.AddSeconds(50), _failed, 1).Should().BeTrue();
        plan.MayRetry(_noon.AddSeconds(70), _failed, 1).Should().BeFalse();
    }

    [Fact]
    public void A_clock_that_was_set_back_meanwhile_brings_the_next_run_nearer()
    {
        var plan = Plan("1h");

        _times.GoBackTo(_noon.AddHours(-5));

        plan.MayRetry(_noon.AddHours(-5).AddMinutes(50), _failed, 1).Should().BeTrue();
        plan.MayRetry(_noon.AddHours(-5).AddMinutes(70), _failed, 1).Should().BeFalse();
    }

    [Fact]
    public void A_time_that_passed_while_a_run_was_at_it_has_the_next() =>
        MayRetry("5m", TimeSpan.FromMinutes(7), RunOutcome.Failed, TimeSpan.FromSeconds(1)).Should().BeFalse();

    private static Schedule Parse(string schedule) => Schedule.TryParse(schedule, TimeSpan.FromMinutes(5), out _)!;

    private RunPlan Plan(string schedule)
    {
        _times = new DueTimes(Parse(schedule), null);
        return _planner.Scheduled(() => _times, _noon, _noon, catchUp: false, drain: false);
    }

    private bool MayRetry(string schedule, TimeSpan begin, RunOutcome outcome, TimeSpan duration) =>
        Plan(schedule).MayRetry(_noon + begin, _failed with { Outcome = outcome, Duration = duration }, 1);
}
