namespace Pipeline.Monitoring;

/// <summary>The file system that the lake is on.</summary>
internal static class LakeMetrics
{
    public static void Register(MetricsRegistry metrics, LakeMonitor monitor)
    {
        metrics.Gauge("pipeline_lake_free_bytes", "Bytes that may still be used where the lake is; absent when the file system does not say.", () => monitor.Current?.Free);
        metrics.Gauge("pipeline_lake_size_bytes", "Bytes of the file system where the lake is; absent when it does not say.", () => monitor.Current?.Size);
    }
}
