using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>A schedule with its database and Quartz, on a clock that is set forward and back.</summary>
public sealed class WindowSchedulerTests : IDisposable
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(5);

    private static readonly string _dead = $"{Environment.MachineName}|99999999|x|y";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scheduler-");
    private readonly ShiftedTime _time = new();
    private readonly CountedRun _run = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.FullName, "schedule.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("45s")]
    [InlineData("2h")]
    [InlineData("1d")]
    [InlineData("*/15 * * * *")]
    public async Task What_was_missed_while_the_program_was_down_is_caught_up_at_once_by_one_run(string text)
    {
        var schedule = Parse(text);
        ShiftBehindNext(schedule);
        await using (var _ = Start(schedule)) await RunsAsync(1);
        ShiftBehindNext(schedule);
        _time.Shift(2 * schedule.Interval(_time.GetUtcNow()));

        await using (var _ = Start(schedule)) await RunsAsync(2);

        Entered().Should().HaveCount(2);
        Entered()[1].Should().BeEquivalentTo(new { Trigger = RunTrigger.CatchUp, Missed = 2 });
        schedule.Last(Entered()[1].Scheduled).Should().Be(Entered()[1].Scheduled);
    }

    [Fact]
    public async Task What_was_missed_while_the_machine_slept_is_caught_up_when_it_wakes()
    {
        var schedule = Parse("2h");
        await using var _ = Start(schedule);
        await RunsAsync(1);

        _time.Shift(schedule.Next(_time.GetUtcNow()) + TimeSpan.FromMinutes(5) - _time.GetUtcNow());

        await RunsAsync(2);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_stop_the_schedule()
    {
        await using var _ = Start(Parse("1s"));
        await RunsAsync(2);

        _time.Shift(-TimeSpan.FromHours(1));

        await RunsAfterAsync(_run.Requests.Count + 2);
        _run.Requests.Last().Scheduled.Should().BeCloseTo(_time.GetUtcNow(), Deadlines.Recovery, "the runs are for the times of the new clock");
    }

    [Fact]
    public async Task A_clock_that_is_set_back_while_the_program_is_down_does_not_keep_the_schedule_from_going_on()
    {
        await using (var _ = Start(Parse("1s"))) await RunsAsync(2);
        _time.Shift(-TimeSpan.FromHours(1));

        await using (var _ = Start(Parse("1s"))) await RunsAfterAsync(_run.Requests.Count + 2);
    }

    [Fact]
    public async Task A_pause_that_the_clock_has_yet_to_reach_hides_nothing_that_is_missed()
    {
        var schedule = Parse("2h");
        ShiftBehindNext(schedule);
        await using (var _ = Start(schedule)) await RunsAsync(1);
        var control = new ScheduleControl(ScheduleDatabase.OpenExisting(Database)!, _time);
        control.Pause("new disk");
        _time.Shift(TimeSpan.FromHours(100));
        control.Resume();
        _time.Shift(-TimeSpan.FromHours(94));

        await using (var _ = Start(schedule)) await RunsAsync(2);

        Entered()[1].Should().BeEquivalentTo(new { Trigger = RunTrigger.CatchUp, Missed = 2 });
    }

    [Fact]
    public async Task A_run_whose_program_was_killed_is_done_again_at_once_though_a_single_run_came_before()
    {
        var schedule = Parse("1d");
        ShiftBehindNext(schedule);
        await using (var _ = Start(schedule)) await RunsAsync(1);
        new RunHistory(ScheduleDatabase.OpenExisting(Database)!).Save(Runs.Started(_time.GetUtcNow(), "killed") with { Program = _dead });
        using (var single = Scheduler(schedule)) await single.OnceAsync(RunTrigger.Manual, drain: false, retried: null, Token);
        Entered().Should().ContainSingle(r => r.Outcome == RunOutcome.Crashed).Which.Id.Should().Be("killed");

        await using (var _ = Start(schedule)) await RunsAsync(4);

        Entered()[^1].Trigger.Should().Be(RunTrigger.CatchUp);
    }

    [Fact]
    public async Task A_single_run_leaves_it_to_the_program_that_schedules_how_long_runs_are_kept()
    {
        using var scheduler = Scheduler(Parse("every window"));
        await scheduler.OnceAsync(RunTrigger.Manual, drain: false, retried: null, Token);
        _time.Shift(TimeSpan.FromDays(300));

        await scheduler.OnceAsync(RunTrigger.Manual, drain: false, retried: null, Token);

        Entered().Should().HaveCount(2);
    }

    [Fact]
    public async Task A_single_run_that_is_told_how_long_runs_are_kept_forgets_what_is_old()
    {
        using var scheduler = Scheduler(Parse("every window"), keep: TimeSpan.FromDays(30));
        await scheduler.OnceAsync(RunTrigger.Manual, drain: false, retried: null, Token);
        _time.Shift(TimeSpan.FromDays(29));
        await scheduler.OnceAsync(RunTrigger.Manual, drain: false, retried: null, Token);
        Entered().Should().HaveCount(2);

        _time.Shift(TimeSpan.FromDays(2));
        await scheduler.OnceAsync(RunTrigger.Manual, drain: false, retried: null, Token);

        Entered().Should().HaveCount(2);
    }

    private static Schedule Parse(string text) => Schedule.TryParse(text, _window, out var problem) ?? throw new InvalidOperationException(problem);

    /// <summary>The clock shows a second after a scheduled time, so that the next is as far off as can be.</summary>
    private void ShiftBehindNext(Schedule schedule) => _time.Shift(schedule.Next(_time.GetUtcNow()) + TimeSpan.FromSeconds(1) - _time.GetUtcNow());

    private WindowScheduler Scheduler(Schedule schedule, TimeSpan? keep = null) => new(
        _run, new ScheduleOptions(schedule, _window, Database) { Keep = keep }, new ScheduleStats(), _time, NullLogger<WindowScheduler>.Instance);

    private Running Start(Schedule schedule) => new(Scheduler(schedule));

    private Task<IReadOnlyList<RunRecord>> RunsAsync(int count) => Eventually.GetAsync($"{count} runs", Entered, r => r.Count(x => x.Finished is not null) >= count, Deadlines.Recovery);

    private Task RunsAfterAsync(int count) => Eventually.TrueAsync($"{count} runs", () => _run.Requests.Count >= count, Deadlines.Recovery);

    private IReadOnlyList<RunRecord> Entered() => ScheduleDatabase.OpenExisting(Database) is { } database ? new RunHistory(database).Since(DateTimeOffset.UnixEpoch) : [];

    /// <summary>A program with a schedule, until it is stopped.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        private readonly WindowScheduler _scheduler;
        private readonly Task _running;

        public Running(WindowScheduler scheduler) => (_scheduler, _running) = (scheduler, scheduler.RunAsync(drain: false, _stop.Token));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _scheduler.Dispose();
            _stop.Dispose();
        }
    }
}
