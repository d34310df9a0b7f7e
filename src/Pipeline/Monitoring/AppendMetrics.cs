using Pipeline.Buffering;
using Pipeline.Events;

namespace Pipeline.Monitoring;

/// <summary>What goes into the log.</summary>
internal static class AppendMetrics
{
    public static void Register(MetricsRegistry metrics, IngestStats stats)
    {
        metrics.Counter("pipeline_buffer_events_appended_total", "Records that Redis has acknowledged, rejected ones included.", () => stats.Acknowledged);
        metrics.Counter(
            "pipeline_buffer_events_rejected_total", "Messages kept for the table rejected, by reason.", "reason", RejectReasons.All.Select(r => r.Name()), Rejected(stats));
        metrics.Counter("pipeline_buffer_batches_appended_total", "Batches that Redis has acknowledged, empty ones of a quiet source included.", () => stats.Batches);
        metrics.Counter("pipeline_buffer_append_failures_total", "Times that the log's end was read again after Redis or the lake failed.", () => stats.Recoveries);
        metrics.Counter("pipeline_buffer_events_forgotten_total", "Records that Redis had acknowledged and lost in a crash; they are fetched again.", () => stats.Forgotten);
        metrics.Flag("pipeline_buffer_backpressure", "1 while reading pauses because Redis is nearly full.", () => stats.IsHolding);
        metrics.Counter("pipeline_buffer_backpressure_pauses_total", "Times that reading paused because Redis was nearly full.", () => stats.Pauses);

        var events = metrics.Histogram("pipeline_buffer_batch_events", "Records of a batch; empty ones are left out.", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 10_000);
        var bytes = metrics.Histogram(
            "pipeline_buffer_batch_bytes", "Bytes of a batch as Redis gets it, compressed; empty ones are left out.",
            256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576, 4_194_304, 16_777_216);
        var duration = metrics.Histogram(
            "pipeline_buffer_append_duration_seconds", "From handing a batch to Redis to its answer; several are on their way at once.",
            0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5);
        stats.BatchAppended += batch =>
        {
            duration(batch.Duration.TotalSeconds);
            if (batch.Records == 0) return;
            events(batch.Records);
            bytes(batch.Bytes);
        };
    }

    private static Func<string, long> Rejected(IngestStats stats)
    {
        var reasons = RejectReasons.All.ToDictionary(r => r.Name(), StringComparer.Ordinal);
        return name => stats.RejectedFor(reasons[name]);
    }
}
