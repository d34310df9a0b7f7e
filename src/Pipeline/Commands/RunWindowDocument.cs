namespace Pipeline.Commands;

/// <summary>A window of a run as <c>pipeline runs --json</c> shows it.</summary>
internal sealed record RunWindowDocument(
    DateTimeOffset Start, DateTimeOffset End, int Files, double DurationSeconds, IReadOnlyDictionary<string, long> Rows, IReadOnlyDictionary<string, long> Bytes);
