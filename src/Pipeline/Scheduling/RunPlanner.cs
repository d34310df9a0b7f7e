using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Pipeline.Scheduling;

/// <summary>What a run that has come due, or was asked for, is to do.</summary>
internal sealed class RunPlanner(ScheduleOptions options, ScheduleStore store, ScheduleStats stats, ILogger logger)
{
    /// <param name="times">The times that count, whenever it is asked.</param>
    /// <param name="fired">The time that came due; null where none did.</param>
    /// <param name="catchUp">True for a run that is there for what was missed.</param>
    /// <param name="drain">True to write the open window as well, where the source has ended.</param>
    public RunPlan Scheduled(Func<DueTimes> times, DateTimeOffset? fired, DateTimeOffset now, bool catchUp, bool drain)
    {
        var due = times();
        var time = due.Take(fired, now);
        stats.Skipped(time.Missed, time.Overlapped);
        if (time.Missed > 0) logger.LogWarning("{Missed} scheduled times passed without a run; this one takes their windows.", time.Missed);
        var plan = RunPlan.For(catchUp || time.Missed > 0 ? RunTrigger.CatchUp : RunTrigger.Schedule, time.Time, drain, due.Schedule.Interval(now));
        return Limited(times, plan with { First = plan.First with { Missed = time.Missed + time.Overlapped } });
    }

    /// <param name="request">Its number in the database.</param>
    public RunPlan Asked(Func<DueTimes> times, long request, DateTimeOffset now, bool drain)
    {
        var interval = times().Schedule.Interval(now);
        try
        {
            var control = store.Control;
            var retried = control.Find(request)?.RetryOf is { } id ? store.History.Find(id) : null;
            var plan = RunPlan.For(RunTrigger.Manual, now, drain, interval);
            if (retried is not null) plan = plan.Repeating(retried);
            control.Answer(request, plan.First.Id);
            return Limited(times, plan);
        }
        catch (SqliteException e)
        {
            logger.LogWarning("Request {Request} cannot be looked up ({Error}); running all the same.", request, e.Message.TrimEnd('.'));
            return Limited(times, RunPlan.For(RunTrigger.Manual, now, drain, interval));
        }
    }

    /// <summary>The next run is as good as another attempt, and must not wait for one. Nobody who has paused the schedule expects one.</summary>
    private RunPlan Limited(Func<DueTimes> times, RunPlan plan) => plan with
    {
        Limit = options.Limit,
        // People pause and change the schedule, and set the clock back, while a run is at it. One that was stopped needs longer than it had.
        MayRetry = (begin, report, _) => !store.IsPaused && begin + (report.Duration * (report.Outcome == RunOutcome.TimedOut ? 2 : 1)) < times().Next(begin),
    };
}
