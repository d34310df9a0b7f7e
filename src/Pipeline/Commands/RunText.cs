using System.Globalization;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>A run of the history in words.</summary>
internal static class RunText
{
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Outcome(RunRecord run) => run.Outcome is { } outcome ? RunHistory.Word(outcome).Replace('_', ' ') : "running";

    public static string Took(RunRecord run) => run.Duration is { } duration ? Quantity.Format(TimeSpan.FromMilliseconds(Math.Round(duration.TotalMilliseconds))) : "";

    /// <summary>How much later than scheduled it began.</summary>
    public static string Late(RunRecord run)
    {
        var late = run.Started - run.Scheduled;
        return late < TimeSpan.FromSeconds(1) ? "" : $"+{Quantity.Format(TimeSpan.FromSeconds(Math.Round(late.TotalSeconds)))}";
    }

    /// <summary>Why it ran, when that is not just because its time had come, and what went wrong.</summary>
    public static string Note(RunRecord run)
    {
        var parts = new List<string>();
        if (run.Trigger != RunTrigger.Schedule) parts.Add(run.Trigger == RunTrigger.Retry && run.RetryOf is { } of ? $"retry of {of}" : RunHistory.Word(run.Trigger).Replace('_', ' '));
        if (run.FlowRun is { } flowRun) parts.Add($"flow run {flowRun}");
        if (run.Attempt > 1) parts.Add(string.Create(CultureInfo.InvariantCulture, $"attempt {run.Attempt}"));
        if (run.Missed > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Missed:N0} times without a run before"));
        if (run.Error is { } error) parts.Add(error);
        return string.Join("; ", parts);
    }

    /// <summary>The run in one line.</summary>
    public static string Line(RunRecord run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time(run.Scheduled)} {run.Id} {Outcome(run)} in {Took(run)}: {run.Windows.Count} windows, {run.Rows:N0} rows, {Quantity.FormatBytes(run.Bytes)}{(Note(run) is { Length: > 0 } note ? $" ({note})" : "")}");
}
