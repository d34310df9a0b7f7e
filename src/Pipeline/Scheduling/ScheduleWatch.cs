using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Pipeline.Scheduling;

/// <summary>Looks after a clock once a second: does with it what people ask for in the database, and says when it is time for another.</summary>
/// <param name="alone">True when no other program uses the database's tables of Quartz.</param>
internal sealed class ScheduleWatch(
    QuartzClock clock, DueRuns runs, ScheduleStore store, DatabaseTrust trust, ScheduleOptions options, ScheduleStats stats, bool alone, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _checkPlace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _prune = TimeSpan.FromHours(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private DateTimeOffset _latest = time.GetUtcNow();

    /// <summary>Watches until the clock is to be stopped.</summary>
    /// <param name="state">What people wanted when it began.</param>
    /// <exception cref="Exception">What <see cref="DueRuns.Broken"/> fails with.</exception>
    public async Task<ScheduleEnd> RunAsync(ScheduleState state, CancellationToken cancellationToken)
    {
        var (placeChecked, pruned, tried) = (time.GetTimestamp(), (long?)null, time.GetTimestamp());
        while (true)
        {
            await Task.WhenAny(runs.Broken, Task.Delay(_look, time, cancellationToken));
            if (runs.Broken.IsFaulted) await runs.Broken;
            if (cancellationToken.IsCancellationRequested) return ScheduleEnd.Stopped;
            await GoBackAsync(state, cancellationToken);
            state = await FollowAsync(state, cancellationToken);
            if (IsOverdue(state)) return ScheduleEnd.Overdue;
            if (Passed(ref placeChecked, _checkPlace) && !store.IsInPlace()) return ScheduleEnd.Unusable;
            if (Passed(ref tried, trust.Pause) && (store.Database.IsInMemory ? store.CanReturn() : !alone && !ProgramLock.IsHeld(store.Database))) return ScheduleEnd.Better;
            if (pruned is not { } at || time.GetElapsedTime(at) > _prune)
            {
                pruned = time.GetTimestamp();
                store.History.Prune(time.GetUtcNow() - options.KeepOrDefault);
            }
        }
    }

    /// <summary>Where the machine's clock was set back, Quartz would wait until it shows again what it had shown.</summary>
    private async Task GoBackAsync(ScheduleState state, CancellationToken cancellationToken)
    {
        var (now, schedule) = (time.GetUtcNow(), runs.Times.Schedule);
        var latest = runs.LastFired > _latest ? runs.LastFired : _latest;
        if (now > _latest) _latest = now;
        if (latest - now <= Patience(schedule.Interval(now)) || schedule.Next(now) >= schedule.Next(latest)) return;
        logger.LogWarning("The clock was set back, from {Before:u} to {Now:u}; the schedule goes on from there.", latest.UtcDateTime, now.UtcDateTime);
        _latest = now;
        runs.Times.GoBackTo(now);
        runs.Wait();
        await ChangeAsync(schedule, state, cancellationToken);
    }

    /// <summary>Does what people have asked for in the database.</summary>
    private async Task<ScheduleState> FollowAsync(ScheduleState before, CancellationToken cancellationToken)
    {
        var control = store.Control;
        var state = store.ReadState();
        if (state.CountedFrom is { } from) runs.CountFrom(from);
        if (options.ScheduleOf(state) is var schedule && schedule.Text != runs.Times.Schedule.Text)
        {
            logger.LogInformation("The schedule is now {Schedule}.", schedule);
            runs.Change(schedule);
            await ChangeAsync(schedule, state, cancellationToken);
        }

        if (state.Paused is not null != before.Paused is not null)
        {
            logger.LogInformation("The schedule is {State}.", state.Paused is null ? "no longer paused" : "paused");
            runs.Wait();
            if (state.Paused is not null) await clock.PauseAsync(cancellationToken);
            else await clock.ResumeAsync(cancellationToken);
        }

        while (control.Take() is { } asked) await clock.TriggerAsync(asked.Number.ToString(CultureInfo.InvariantCulture), cancellationToken);
        runs.Show(state);
        return state;
    }

    private async Task ChangeAsync(Schedule schedule, ScheduleState state, CancellationToken cancellationToken)
    {
        await clock.ChangeAsync(schedule, cancellationToken);
        if (state.Paused is not null) await clock.PauseAsync(cancellationToken);
    }

    /// <summary>True when a run should have come due, and did not: Quartz' store fails, or it is stuck.</summary>
    private bool IsOverdue(ScheduleState state)
    {
        if (state.Paused is not null || stats.Running is not null) return false;
        var due = runs.Times.Schedule.Next(runs.LastFired);
        var overdue = time.GetUtcNow() - due > Patience(runs.Times.Schedule.Interval(runs.LastFired));
        if (overdue) logger.LogWarning("A run was due at {Due:HH:mm:ss} and did not begin; the schedule is started again.", due.UtcDateTime);
        return overdue;
    }

    private static TimeSpan Patience(TimeSpan interval) => (interval > _patience ? interval / 4 : TimeSpan.Zero) + _patience;

    private bool Passed(ref long since, TimeSpan span)
    {
        if (time.GetElapsedTime(since) < span) return false;
        since = time.GetTimestamp();
        return true;
    }
}
