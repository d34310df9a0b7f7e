using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Quartz;

namespace Pipeline.Scheduling;

/// <summary>
/// Has closed windows written when the schedule says so, one run at a time, and keeps what became of each. The database only steers and
/// remembers: whatever happens to it, runs go on.
/// </summary>
internal sealed class WindowScheduler : IDisposable
{
    private const string CatchUp = "catch-up";
    private const int DrainAttempts = 6;

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _checkPlace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _prune = TimeSpan.FromHours(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly ScheduleOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ScheduleStore _store;
    private readonly RunKeeper _keeper;
    private readonly RunPlanner _planner;
    private readonly string _program = WriterLease.NewToken();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly DatabaseTrust _trust = new();
    private DueTimes _due;
    private DateTimeOffset _lastFired;
    private bool _drain;

    public WindowScheduler(IWindowRun run, ScheduleOptions options, ScheduleStats stats, TimeProvider time, ILogger<WindowScheduler> logger)
    {
        (_options, Stats, _time, _logger) = (options, stats, time, logger);
        _store = new ScheduleStore(options, stats, time, logger);
        _keeper = new RunKeeper(run, _store, stats, _program, time, logger);
        _planner = new RunPlanner(options, _store, stats, logger);
        _due = new DueTimes(options.Schedule, null);
    }

    public ScheduleStats Stats { get; }

    /// <summary>Runs when the schedule says so, until the token is cancelled.</summary>
    /// <param name="drain">True to write the open window as well, where the source has ended.</param>
    public async Task RunAsync(bool drain, CancellationToken cancellationToken)
    {
        _drain = drain;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await FoundAsync(stop.Token);
        while (await ScheduleAsync(stop) is var ended && ended != ScheduleEnd.Stopped)
        {
            if (ended != ScheduleEnd.Better && _trust.Fails())
            {
                _logger.LogError("The schedule goes on without database {Path}, which fails again and again, until it can be used.", _options.Database);
            }

            _store.Reopen(inMemory: ended != ScheduleEnd.Better && _trust.IsLost);
        }

        // The run of a clock that was not waited for.
        await _turn.WaitAsync(CancellationToken.None);
        _turn.Release();
    }

    /// <summary>Runs once, now, and waits for another writer that is at it.</summary>
    /// <exception cref="LakeException">And what else a run fails of.</exception>
    /// <param name="retried">The run that this one repeats.</param>
    public async Task OnceAsync(RunTrigger trigger, bool drain, RunRecord? retried, CancellationToken cancellationToken)
    {
        var plan = RunPlan.For(trigger, _time.GetUtcNow(), drain, _options.Schedule.Interval(_time.GetUtcNow())) with
        {
            WaitWhileBusy = true,
            // The end of a source outlasts an outage of Redis; a disk that is full has some time.
            MayRetry = (_, report, attempt) => trigger == RunTrigger.End && (report.Cause is not LakeException || attempt < DrainAttempts),
        };
        if (retried is not null) plan = plan.Repeating(retried);
        var report = await _keeper.RunAsync(plan, cancellationToken);
        // The run has claimed a new lake, so that its folder is there now.
        _store.Settle();
        report.ThrowIfFailed();
    }

    /// <summary>Whether the schedule is paused.</summary>
    public bool IsPaused()
    {
        try
        {
            return _store.ReadState().Paused is not null;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>The newest runs that are over, the newest first; none where the database cannot be read.</summary>
    public IReadOnlyList<RunRecord> Recent(int limit)
    {
        try
        {
            return [.. _store.History.Read(new RunQuery(limit)).Where(r => r.Finished is not null)];
        }
        catch (SqliteException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _turn.Dispose();
    }

    /// <summary>The first run in a new lake makes the folder that the database goes to.</summary>
    private async Task FoundAsync(CancellationToken cancellationToken)
    {
        if (!_store.Database.IsInMemory || IsPaused()) return;
        await RunDueAsync(fired: null, CatchUp, cancellationToken);
        _store.Settle();
    }

    private async Task<ScheduleEnd> ScheduleAsync(CancellationTokenSource stop)
    {
        if (stop.IsCancellationRequested) return ScheduleEnd.Stopped;
        using var alone = _store.Database.IsInMemory ? null : ProgramLock.TryTake(_store.Database);
        QuartzClock? clock = null;
        try
        {
            if (alone is null && !_store.Database.IsInMemory) _logger.LogInformation("Another program uses the schedule in {Path}; this one keeps the times by itself, and shares the history.", _store.Database.Path);
            var isNew = _store.Database.IsInMemory;
            if (alone is not null && _trust.IsDoubted)
            {
                _store.Database.DropQuartz();
                isNew = true;
            }

            var state = Begin(isNew, out var catchUp);
            clock = await QuartzClock.StartAsync(alone is null ? null : _store.Database, _due.Schedule, state.Paused is not null, DueAsync, _time, _logger, stop.Token);
            if (catchUp && state.Paused is null) await clock.TriggerAsync(CatchUp, stop.Token);
            return await WatchAsync(clock, state, alone is not null, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ScheduleEnd.Stopped;
        }
        catch (Exception e) when (e is SqliteException or SchedulerException && !_broken.Task.IsFaulted)
        {
            _logger.LogWarning("The schedule's database {Path} fails: {Error}.", _store.Database.Path, e.GetBaseException().Message.TrimEnd('.'));
            await Task.Delay(_look, _time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return stop.IsCancellationRequested ? ScheduleEnd.Stopped : ScheduleEnd.Unusable;
        }
        finally
        {
            if (clock is not null) await clock.DisposeAsync();
        }

        // A run that Quartz is at gets the token of the scheduler, and has ended when Quartz has.
        async Task DueAsync(DateTimeOffset? fired, string? reason, CancellationToken quartz)
        {
            if (!_store.Database.IsInMemory) _trust.Holds();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, quartz);
            await RunDueAsync(fired, reason, either.Token);
        }
    }

    /// <summary>Brings the database up to date with this program, and finds out what was missed.</summary>
    /// <param name="isNew">True where Quartz begins without its tables, which would know of missed times.</param>
    private ScheduleState Begin(bool isNew, out bool catchUp)
    {
        var control = _store.Control;
        control.Begin(_options.Schedule, _options.Window, _program);
        var crashed = _store.EndCrashed(WriterLease.IsDead);
        var state = _store.ReadState();
        var last = _store.History.LastScheduled()?.Scheduled is { } entered && !(_due.Last > entered) ? entered : _due.Last;
        _due = new DueTimes(ScheduleOf(state), last);
        if (state.CountedFrom is { } from) _due.CountFrom(from);
        _lastFired = _time.GetUtcNow();
        catchUp = crashed || last is null || (isNew && _due.Schedule.Last(_lastFired) > _due.Last);
        Show(state);
        return state;
    }

    private async Task<ScheduleEnd> WatchAsync(QuartzClock clock, ScheduleState state, bool alone, CancellationTokenSource stop)
    {
        var (placeChecked, pruned, tried) = (_time.GetTimestamp(), (long?)null, _time.GetTimestamp());
        while (true)
        {
            await Task.WhenAny(_broken.Task, Task.Delay(_look, _time, stop.Token));
            if (_broken.Task.IsFaulted) await _broken.Task;
            if (stop.IsCancellationRequested) return ScheduleEnd.Stopped;
            state = await FollowAsync(clock, state, stop.Token);
            if (IsOverdue(state)) return ScheduleEnd.Overdue;
            if (Passed(ref placeChecked, _checkPlace) && !_store.IsInPlace()) return ScheduleEnd.Unusable;
            if (Passed(ref tried, _trust.Pause) && (_store.Database.IsInMemory ? _store.CanReturn() : !alone && !ProgramLock.IsHeld(_store.Database))) return ScheduleEnd.Better;
            if (pruned is not { } at || _time.GetElapsedTime(at) > _prune)
            {
                pruned = _time.GetTimestamp();
                _store.History.Prune(_time.GetUtcNow() - _options.Keep);
            }
        }
    }

    /// <summary>Does what people have asked for in the database.</summary>
    private async Task<ScheduleState> FollowAsync(QuartzClock clock, ScheduleState before, CancellationToken cancellationToken)
    {
        var control = _store.Control;
        var state = _store.ReadState();
        if (state.CountedFrom is { } from) _due.CountFrom(from);
        if (ScheduleOf(state) is var schedule && schedule.Text != _due.Schedule.Text)
        {
            _logger.LogInformation("The schedule is now {Schedule}.", schedule);
            _due = new DueTimes(schedule, _due.Last);
            _due.CountFrom(_time.GetUtcNow());
            await clock.ChangeAsync(schedule, cancellationToken);
            if (state.Paused is not null) await clock.PauseAsync(cancellationToken);
        }

        if (state.Paused is not null != before.Paused is not null)
        {
            _logger.LogInformation("The schedule is {State}.", state.Paused is null ? "no longer paused" : "paused");
            _lastFired = _time.GetUtcNow();
            if (state.Paused is not null) await clock.PauseAsync(cancellationToken);
            else await clock.ResumeAsync(cancellationToken);
        }

        while (control.Take() is { } asked) await clock.TriggerAsync(asked.Number.ToString(CultureInfo.InvariantCulture), cancellationToken);
        Show(state);
        return state;
    }

    /// <summary>True when a run should have come due, and did not: Quartz' store fails, or it is stuck.</summary>
    private bool IsOverdue(ScheduleState state)
    {
        if (state.Paused is not null || Stats.Running is not null) return false;
        var interval = _due.Schedule.Interval(_lastFired);
        var overdue = _time.GetUtcNow() - _due.Schedule.Next(_lastFired) > (interval > _patience ? interval / 4 : TimeSpan.Zero) + _patience;
        if (overdue) _logger.LogWarning("A run was due at {Due:HH:mm:ss} and did not begin; the schedule is started again.", _due.Schedule.Next(_lastFired).UtcDateTime);
        return overdue;
    }

    private async Task RunDueAsync(DateTimeOffset? fired, string? reason, CancellationToken cancellationToken)
    {
        // One clock never fires twice at once, but the run of one that was replaced may still be at it.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = _time.GetUtcNow();
            _lastFired = now;
            var plan = reason is null or CatchUp
                ? _planner.Scheduled(_due, fired, now, reason is not null, _drain)
                : _planner.Asked(_due, long.Parse(reason, CultureInfo.InvariantCulture), now, _drain);
            await _keeper.RunAsync(plan, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Nothing a later run could do better: the program ends with it.
            _broken.TrySetException(e);
        }
        finally
        {
            _due.Ended(_time.GetUtcNow());
            _lastFired = _time.GetUtcNow();
            _turn.Release();
        }
    }

    private Schedule ScheduleOf(ScheduleState state) =>
        state.ChangedTo is { } text && Schedule.TryParse(text, _options.Window, out _) is { } changed ? changed : _options.Schedule;

    private void Show(ScheduleState state)
    {
        var now = _time.GetUtcNow();
        // After the last run, not after now: a time that passes without one stays the next, for everybody to see.
        Stats.Is(state.Paused is null ? _due.Schedule.Next(_lastFired) : null, state.Paused, _due.Schedule.Interval(now));
    }

    private bool Passed(ref long since, TimeSpan span)
    {
        if (_time.GetElapsedTime(since) < span) return false;
        since = _time.GetTimestamp();
        return true;
    }
}
