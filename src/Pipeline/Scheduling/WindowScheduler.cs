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
    private const int DrainAttempts = 6;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly ScheduleOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ScheduleStore _store;
    private readonly RunKeeper _keeper;
    private readonly DueRuns _due;
    private readonly string _program = WriterLease.NewToken();
    private readonly DatabaseTrust _trust = new();
    private bool _drain;

    public WindowScheduler(IWindowRun run, ScheduleOptions options, ScheduleStats stats, TimeProvider time, ILogger<WindowScheduler> logger)
    {
        (_options, Stats, _time, _logger) = (options, stats, time, logger);
        _store = new ScheduleStore(options, stats, time, logger);
        _keeper = new RunKeeper(run, _store, stats, _program, time, logger);
        _due = new DueRuns(_keeper, new RunPlanner(options, _store, stats, logger), stats, options.Schedule, time);
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

        await _due.EndAsync();
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
            MayRetry = (_, report, attempt) => trigger == RunTrigger.End && !IsPaused() && (report.Cause is not LakeException || attempt < DrainAttempts),
        };
        if (retried is not null) plan = plan.Repeating(retried);
        var report = await _keeper.RunAsync(plan, cancellationToken);
        // The run has claimed a new lake, so that its folder is there now. What is old is for the program to say that schedules, unless we were told.
        _store.Tidy(_options.Keep);
        report.ThrowIfFailed();
    }

    /// <summary>Whether the schedule is paused.</summary>
    public bool IsPaused() => _store.IsPaused;

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
        _due.Dispose();
    }

    /// <summary>The first run in a new lake makes the folder that the database goes to.</summary>
    private async Task FoundAsync(CancellationToken cancellationToken)
    {
        if (!_store.Database.IsInMemory || IsPaused()) return;
        await _due.RunAsync(fired: null, DueRuns.CatchUp, _drain, cancellationToken);
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
            clock = await QuartzClock.StartAsync(alone is null ? null : _store.Database, _due.Times.Schedule, state.Paused is not null, DueAsync, _time, _logger, stop.Token);
            if (catchUp && state.Paused is null) await clock.TriggerAsync(DueRuns.CatchUp, stop.Token);
            return await new ScheduleWatch(clock, _due, _store, _trust, _options, Stats, alone is not null, _time, _logger).RunAsync(state, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ScheduleEnd.Stopped;
        }
        catch (Exception e) when (e is SqliteException or SchedulerException && !_due.Broken.IsFaulted)
        {
            _logger.LogWarning("The schedule's database {Path} fails: {Error}.", _store.Database.Path, e.GetBaseException().Message.TrimEnd('.'));
            await Task.Delay(_pause, _time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            await _due.RunAsync(fired, reason, _drain, either.Token);
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
        var newest = _store.History.LastScheduled();
        var last = newest?.Scheduled is { } entered && !(_due.Times.Last > entered) ? entered : _due.Times.Last;
        _due.Begin(_options.ScheduleOf(state), last);
        if (state.CountedFrom is { } from) _due.CountFrom(from);
        // A single run, or another worker, may have entered before us that it crashed.
        catchUp = crashed || newest?.Outcome == RunOutcome.Crashed || last is null || (isNew && _due.Times.Schedule.Last(_due.LastFired) > _due.Times.Last);
        _due.Show(state);
        return state;
    }
}
