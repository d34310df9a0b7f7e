using Pipeline.Archiving;
using Pipeline.Scheduling;

namespace Pipeline.Monitoring;

/// <summary>What goes into the lake.</summary>
internal static class WriterMetrics
{
    private static readonly double[] _seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

    private static readonly Dictionary<string, RunOutcome[]> _outcomes = new(StringComparer.Ordinal)
    {
        ["written"] = [RunOutcome.Written],
        ["nothing"] = [RunOutcome.Nothing],
        ["busy"] = [RunOutcome.Busy],
        ["failed"] = [RunOutcome.Failed, RunOutcome.TimedOut],
    };

    public static void Register(MetricsRegistry metrics, LakeOptions options, WriteStats stats, WriterRuns runs, BufferMonitor monitor)
    {
        metrics.Counter(
            "pipeline_writer_runs_total", "Looks for closed windows, by outcome: written, nothing was closed, busy (another writer was at it), failed.", "outcome",
            _outcomes.Keys, outcome => _outcomes[outcome].Sum(runs.Of));
        metrics.Gauge(
            "pipeline_writer_last_success_timestamp_seconds", "When a look last ended without failure, also with nothing to write; 0 before the first.",
            () => (runs.LastSuccess?.ToUnixTimeMilliseconds() ?? 0) / 1e3);
        metrics.Gauge("pipeline_writer_last_run_duration_seconds", "How long the last look took; 0 before the first.", () => runs.Last?.Duration.TotalSeconds ?? 0);
        metrics.Gauge(
            "pipeline_writer_committed_timestamp_seconds", "Log time up to which the lake is complete; 0 when nothing is. Absent while Redis does not answer.",
            () => monitor.Current is { } r ? (r.CommittedMs ?? 0) / 1e3 : null);
        metrics.Gauge("pipeline_writer_window_seconds", "Log time that one window covers: the setting.", () => options.Window.TotalSeconds);
        metrics.Counter("pipeline_writer_windows_written_total", "Windows with files that are in the lake.", () => stats.Windows);
        metrics.Counter("pipeline_writer_rows_written_total", "Rows of files that are in the lake, by table.", "type", LakeFileName.Tables, stats.RowsOf);
        metrics.Counter("pipeline_writer_files_written_total", "Files that are in the lake, by table.", "type", LakeFileName.Tables, stats.FilesOf);
        metrics.Counter("pipeline_writer_file_bytes_written_total", "Bytes of files that are in the lake, by table.", "type", LakeFileName.Tables, stats.BytesOf);
        metrics.Counter(
            "pipeline_writer_events_lost_total", "Records that the log did not hold any more, or in a batch that was corrupt: the lake has a hole, unless they were fetched again.",
            () => stats.Lost + stats.Corrupt);
        metrics.Counter("pipeline_writer_events_repeated_total", "Records that were fetched again although the lake had them, and left out.", () => stats.Repeated);

        var run = metrics.Histogram("pipeline_writer_run_duration_seconds", "How long a look took that wrote something or failed.", _seconds);
        var window = metrics.Histogram("pipeline_writer_window_duration_seconds", "From a window's first read to its commit; two in a row overlap.", _seconds);
        runs.Ended += report =>
        {
            if (report.Outcome is not (RunOutcome.Nothing or RunOutcome.Busy)) run(report.Duration.TotalSeconds);
            foreach (var written in report.Windows) window(written.Duration.TotalSeconds);
        };
    }
}
