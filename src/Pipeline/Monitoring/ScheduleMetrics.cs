using Pipeline.Scheduling;

namespace Pipeline.Monitoring;

/// <summary>When the lake is written, and what became of that.</summary>
internal static class ScheduleMetrics
{
    private static readonly double[] _seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

    public static void Register(MetricsRegistry metrics, ScheduleStats stats, ScheduleOptions options)
    {
        var outcomes = Enum.GetValues<RunOutcome>().ToDictionary(RunHistory.Word, o => o, StringComparer.Ordinal);
        metrics.Counter(
            "pipeline_schedule_runs_total", "Runs that ended, scheduled or asked for, every attempt counted, by outcome.", "outcome", outcomes.Keys, o => stats.RunsOf(outcomes[o]));
        var duration = metrics.Histogram("pipeline_schedule_run_duration_seconds", "How long the attempts took.", _seconds);
        stats.RunEnded += run => duration(run.Duration?.TotalSeconds ?? 0);
        metrics.Counter("pipeline_schedule_retries_total", "Attempts beyond the first of a run.", () => stats.Retries);
        metrics.Counter("pipeline_schedule_missed_total", "Scheduled times that passed while nobody could run: the program was down, the machine asleep.", () => stats.Missed);
        metrics.Counter("pipeline_schedule_overlaps_total", "Scheduled times that passed while the run before was still at it.", () => stats.Overlaps);
        metrics.Gauge(
            "pipeline_schedule_last_success_timestamp_seconds", "When a run last ended well, also with nothing to write; 0 before the first.", () => Seconds(stats.LastSuccess));
        metrics.Gauge("pipeline_schedule_next_run_timestamp_seconds", "When the next run is due; 0 while the schedule is paused.", () => Seconds(stats.Next));
        metrics.Gauge("pipeline_schedule_running_since_timestamp_seconds", "When the run began that is at it; 0 when none is.", () => Seconds(stats.Running));
        metrics.Gauge("pipeline_schedule_run_limit_seconds", "How long a run may take before it is stopped: the setting.", () => options.Limit.TotalSeconds);
        metrics.Flag("pipeline_schedule_paused", "1 while the schedule is paused (pipeline schedule pause).", () => stats.Paused is not null);
        metrics.Gauge("pipeline_schedule_paused_since_timestamp_seconds", "Since when the schedule is paused; 0 when it is not.", () => Seconds(stats.Paused));
        metrics.Flag("pipeline_schedule_store_up", "1 while schedule and history are in their database; 0 while they are kept in memory, because it cannot be used.", () => stats.IsKept);
    }

    /// <summary>The part that a program has, too, whose schedule is another's: whether it is late depends on it.</summary>
    public static void RegisterInterval(MetricsRegistry metrics, ScheduleStats stats) =>
        metrics.Gauge("pipeline_schedule_interval_seconds", "Time between two scheduled runs; 0 before the schedule is known.", () => stats.Interval.TotalSeconds);

    private static double Seconds(DateTimeOffset? time) => (time?.ToUnixTimeMilliseconds() ?? 0) / 1e3;
}
