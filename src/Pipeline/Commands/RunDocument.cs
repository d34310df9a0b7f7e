using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>A run as <c>pipeline runs --json</c> shows it.</summary>
internal sealed record RunDocument(
    string Id,
    string Trigger,
    DateTimeOffset Scheduled,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    double? DurationSeconds,
    int Attempt,
    string? RetryOf,
    string? Outcome,
    string? Error,
    bool CanHeal,
    long Missed,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyDictionary<string, long> Bytes,
    IReadOnlyList<RunWindowDocument> Windows,
    string Program,
    string? FlowRun)
{
    public static RunDocument Of(RunRecord run) => new(
        run.Id,
        RunHistory.Word(run.Trigger),
        run.Scheduled,
        run.Started,
        run.Finished,
        run.Duration?.TotalSeconds,
        run.Attempt,
        run.RetryOf,
        run.Outcome is { } outcome ? RunHistory.Word(outcome) : null,
        run.Error,
        run.CanHeal,
        run.Missed,
        Sum(run.Windows.Select(w => w.Rows)),
        Sum(run.Windows.Select(w => w.Bytes)),
        [.. run.Windows.Select(w => new RunWindowDocument(w.Start, w.End, w.Files, w.Duration.TotalSeconds, w.Rows, w.Bytes))],
        ScheduleFile.Program(run.Program),
        run.FlowRun);

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        counts.SelectMany(c => c).GroupBy(c => c.Key, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Value), StringComparer.Ordinal);
}
