using Pipeline.Buffering;
using Pipeline.Sources;

namespace Pipeline.Monitoring.Health;

/// <summary>Whether events come.</summary>
internal sealed class SourceHealth(IEventSource source, IngestStats stats, TimeProvider time)
{
    // The source's own watchdog reopens a silent connection within half a minute.
    private static readonly TimeSpan _silence = TimeSpan.FromMinutes(1);

    private readonly long _started = time.GetTimestamp();

    public IEnumerable<Problem> Look()
    {
        // What ends cannot be late, and who pauses does not listen.
        if (!source.IsLive || stats.HasEnded || stats.IsHolding) yield break;
        if (!(stats.IsReading && source.IsConnected))
        {
            yield return new Problem(
                "source", "There is no connection to the source.", "It is tried again by itself; if that lasts, see to the network and to --jetstream-hosts. What was missed is fetched while the source has it.");
        }
        else if (source.FollowsClock && time.GetElapsedTime(stats.LastArrival is 0 ? _started : stats.LastArrival) is var silent && silent > _silence)
        {
            yield return new Problem("source", $"Nothing has come from the source for {Spans.Text(silent)}.", "Usual are hundreds of events a second: see whether its host is at fault.");
        }
    }
}
