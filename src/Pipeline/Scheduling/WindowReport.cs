namespace Pipeline.Scheduling;

/// <summary>What was written of one window of log time.</summary>
/// <param name="Rows">Rows by table, such as <c>post</c> or <c>rejected</c>.</param>
/// <param name="Bytes">Bytes of the files by table.</param>
/// <param name="Duration">From the first read to the commit.</param>
public sealed record WindowReport(
    DateTimeOffset Start, DateTimeOffset End, IReadOnlyDictionary<string, long> Rows, IReadOnlyDictionary<string, long> Bytes, int Files, TimeSpan Duration);
