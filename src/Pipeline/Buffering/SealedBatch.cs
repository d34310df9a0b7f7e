namespace Pipeline.Buffering;

/// <summary>A batch that is complete and waits to be appended.</summary>
/// <param name="Ms">Its log time; the entry's id is raised above the log's end when it lies behind.</param>
/// <param name="MayRepeat">What <see cref="LogEntry.MayRepeat"/> will say.</param>
public sealed record SealedBatch(
    byte[] Records, int Count, IReadOnlyList<KeyValuePair<string, long>> Counters, long Ms, SourcePosition? Position, bool IsEnd, bool MayRepeat);
