using System.Globalization;

namespace Pipeline.Scheduling;

/// <summary>Does the runs that come due, one at a time, and knows which times had theirs.</summary>
internal sealed class DueRuns(RunKeeper keeper, RunPlanner planner, ScheduleStats stats, Schedule setting, TimeProvider time) : IDisposable
{
    /// <summary>The reason of a run that is there for what was missed. Any other is the number of a request.</summary>
    public const string CatchUp = "catch-up";

    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);

    public DueTimes Times { get; private set; } = new(setting, null);

    /// <summary>When the newest run came due or ended, or the schedule began.</summary>
    public DateTimeOffset LastFired { get; private set; }

    /// <summary>Fails with the program: no later run could do better.</summary>
    public Task Broken => _broken.Task;

    /// <summary>Begins with what is known of the runs before.</summary>
    /// <param name="last">The newest time that had its run; null when none had.</param>
    public void Begin(Schedule schedule, DateTimeOffset? last)
    {
        (Times, LastFired) = (new DueTimes(schedule, last), time.GetUtcNow());
        Times.GoBackTo(LastFired);
    }

    /// <summary>Counts the times of another schedule from now on.</summary>
    public void Change(Schedule schedule)
    {
        Times = new DueTimes(schedule, Times.Last);
        CountFrom(time.GetUtcNow());
    }

    /// <summary>Times up to a moment do not count.</summary>
    public void CountFrom(DateTimeOffset moment) => Times.CountFrom(moment, time.GetUtcNow());

    /// <summary>Waits for the next time after now, whatever was due before.</summary>
    public void Wait() => LastFired = time.GetUtcNow();

    /// <summary>Does one, as soon as the one before has ended.</summary>
    /// <param name="fired">The time that Quartz fired for.</param>
    /// <param name="reason">Null for its own.</param>
    /// <param name="drain">True to write the open window as well, where the source has ended.</param>
    public async Task RunAsync(DateTimeOffset? fired, string? reason, bool drain, CancellationToken cancellationToken)
    {
        // One clock never fires twice at once, but the run of one that was replaced may still be at it.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Wait();
            var plan = reason is null or CatchUp
                ? planner.Scheduled(() => Times, fired, LastFired, reason is not null, drain)
                : planner.Asked(() => Times, long.Parse(reason, CultureInfo.InvariantCulture), LastFired, drain);
            await keeper.RunAsync(plan, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _broken.TrySetException(e);
        }
        finally
        {
            Times.Ended(time.GetUtcNow());
            Wait();
            _turn.Release();
        }
    }

    /// <summary>Waits for the run of a clock that was not waited for.</summary>
    public async Task EndAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        _turn.Release();
    }

    /// <summary>Tells everybody when the next run is due.</summary>
    public void Show(ScheduleState state)
    {
        // After the last run, not after now: a time that passes without one stays the next, for everybody to see.
        stats.Is(state.Paused is null ? Times.Schedule.Next(LastFired) : null, state.Paused, Times.Schedule.Interval(time.GetUtcNow()));
    }

    public void Dispose() => _turn.Dispose();
}
