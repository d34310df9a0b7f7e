using Pipeline.Buffering;
using Pipeline.Sources;

namespace Pipeline.Monitoring;

/// <summary>What comes from the source.</summary>
internal static class SourceMetrics
{
    public static void Register(MetricsRegistry metrics, IEventSource source, IngestStats stats, TimeProvider time)
    {
        metrics.Counter("pipeline_source_messages_received_total", "Messages taken from the source, of every kind.", () => stats.Received);
        metrics.Counter("pipeline_source_events_repeated_total", "Events that came again and that the log held already. Some follow every reconnect.", () => stats.Duplicates);
        metrics.Counter("pipeline_source_events_skipped_total", "Messages of kinds that are not archived: identities, accounts, other collections.", () => stats.Skipped);
        metrics.Counter("pipeline_source_reconnects_total", "Connections that failed, stalled, were lost or were given up.", () => source.Reconnects);
        metrics.Flag("pipeline_source_connected", "1 while the source is connected or open.", () => stats.IsReading && source.IsConnected);
        metrics.Flag("pipeline_source_live", "1 when the source goes on for ever: silence is a fault.", () => source.IsLive);
        metrics.Flag("pipeline_source_follows_clock", "1 when the events' times are the clock's, so that their age is a lag; 0 for the mock and for files.", () => source.FollowsClock);
        metrics.Gauge("pipeline_source_position_timestamp_seconds", "The time of the last event taken, by its time_us; 0 before the first.", () => stats.LastTimeUs / 1e6);
        metrics.Gauge("pipeline_source_last_message_timestamp_seconds", "When the last message was taken, by the clock; 0 before the first.", () => LastMessage(stats, time));
        metrics.Flag("pipeline_source_ended", "1 when the source has ended and its last event is in the log.", () => stats.HasEnded);
    }

    private static double LastMessage(IngestStats stats, TimeProvider time) =>
        stats.LastArrival is var arrival and not 0 ? (time.GetUtcNow() - time.GetElapsedTime(arrival)).ToUnixTimeMilliseconds() / 1e3 : 0;
}
