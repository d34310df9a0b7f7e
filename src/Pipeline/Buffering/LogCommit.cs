namespace Pipeline.Buffering;

/// <summary>What a writer tells the log when a window's files are in place.</summary>
/// <param name="LogId">The log that was read: another one under the same key refuses.</param>
/// <param name="FromOffset">The committed offset that this commit follows.</param>
/// <param name="ToOffset">The records below this offset are now in the lake.</param>
/// <param name="CommittedMs">Log time below which everything is now in the lake, in ms since the Unix epoch.</param>
/// <param name="Position">The source's position after the last record.</param>
/// <param name="TrimBelowMs">Entries below this log time leave the stream.</param>
/// <param name="DrainedAt">For an open window that was drained: the source's last entry, which must still be the log's.</param>
/// <param name="Epoch">The log's epoch when the window was read (<see cref="LogState.Epoch"/>).</param>
/// <param name="Counters">Added to the log's counters in the same transaction.</param>
public sealed record LogCommit(
    string LogId,
    long FromOffset,
    long ToOffset,
    long CommittedMs,
    SourcePosition? Position,
    long TrimBelowMs,
    LogEntryId? DrainedAt,
    string Epoch,
    IReadOnlyList<KeyValuePair<string, long>> Counters);
