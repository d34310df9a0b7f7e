namespace Pipeline.Monitoring;

/// <summary>What lies in Redis. While Redis does not answer, only <c>pipeline_buffer_up</c> is shown: nothing old looks fresh.</summary>
internal static class BufferMetrics
{
    public static void Register(MetricsRegistry metrics, BufferMonitor monitor)
    {
        metrics.Flag("pipeline_buffer_up", "1 when Redis answered the last look, a few seconds ago; the values below are absent while it is 0.", () => monitor.Current is not null);
        metrics.Gauge("pipeline_buffer_events", "Records in the log that are not in the lake yet.", () => monitor.Current?.Events);
        metrics.Gauge("pipeline_buffer_entries", "Entries of the stream, with the look-back that stays behind what is written.", () => monitor.Current?.Entries);
        metrics.Gauge("pipeline_buffer_bytes", "Redis' memory for the stream, as MEMORY USAGE estimates it.", () => monitor.Current?.Bytes);
        metrics.Gauge(
            "pipeline_buffer_oldest_unwritten_timestamp_seconds", "Log time of the oldest event that is not in the lake; 0 when none waits.",
            () => monitor.Current is { } r ? (r.OldestUnwrittenMs ?? 0) / 1e3 : null);
        metrics.Gauge(
            "pipeline_buffer_last_entry_timestamp_seconds", "Log time that the log's end has reached; 0 when the log is empty.",
            () => monitor.Current is { } r ? (r.LastEntryMs ?? 0) / 1e3 : null);
        metrics.Gauge("pipeline_buffer_memory_used_bytes", "Redis' used_memory; of several servers, the fullest's.", () => monitor.Current?.MemoryUsed);
        metrics.Gauge("pipeline_buffer_memory_max_bytes", "Redis' maxmemory; 0 for no limit.", () => monitor.Current?.MemoryMax);
        metrics.Gauge("pipeline_buffer_memory_utilization_ratio", "used_memory / maxmemory; 0 when there is no limit.", () => monitor.Current?.MemoryUtilization);
        metrics.Gauge("pipeline_buffer_ballast_keys", "Ballast keys that are there; fewer than expected means that Redis evicts.", () => monitor.Current?.BallastKeys);
        metrics.Gauge("pipeline_buffer_ballast_keys_expected", "Ballast keys that were laid; 0 where none are needed.", () => monitor.Current?.BallastExpected);
    }
}
