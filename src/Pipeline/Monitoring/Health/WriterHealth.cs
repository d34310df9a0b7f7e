using Pipeline.Archiving;
using Pipeline.Scheduling;

namespace Pipeline.Monitoring.Health;

/// <summary>Whether windows get into the lake.</summary>
internal sealed class WriterHealth(LakeOptions options, WriterRuns runs, ScheduleStats schedule, TimeProvider time)
{
    // As the alert has it: 12 minutes for windows of five.
    private const double StaleAfterWindows = 2.4;

    private static readonly TimeSpan _leastStale = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _started = time.GetUtcNow();

    public IEnumerable<Problem> Look()
    {
        if (runs.Last is { Outcome: RunOutcome.Failed or RunOutcome.TimedOut } failed)
        {
            yield return new Problem(
                "writer", $"The last run failed: {failed.Error ?? "it took too long."}", "It is tried again by itself, and nothing is lost: the log keeps what is not in the lake.");
        }

        if (schedule.Paused is { } paused)
        {
            yield return new Problem(
                "writer", $"The schedule is paused since {paused:u}.", "`pipeline schedule resume` has the lake written again; events wait in Redis meanwhile, until it is full.");
            yield break;
        }

        var stale = (schedule.Interval > options.Window ? schedule.Interval : options.Window) * StaleAfterWindows;
        var since = time.GetUtcNow() - (runs.LastSuccess ?? _started);
        if (since > (stale > _leastStale ? stale : _leastStale))
        {
            yield return new Problem("writer", $"No run has ended well for {Spans.Text(since)}.", "See the log for what the writer waits for; events wait in Redis meanwhile.");
        }
    }
}
