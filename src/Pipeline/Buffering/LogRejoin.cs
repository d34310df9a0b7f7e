namespace Pipeline.Buffering;

/// <summary>How a log that Redis has rolled back goes on behind a lake that has more of it than Redis knows.</summary>
/// <param name="Known">The log's state as it was read; nothing happens when it has changed since.</param>
/// <param name="Marker">An entry without records for the log to go on behind; null where the stream is gone and the state alone tells its end.</param>
/// <param name="CommittedMs">Everything that the lake has of the log is in windows below this log time, in ms since the Unix epoch.</param>
/// <param name="CommittedOffset">The records of the log below this offset are all in the lake.</param>
/// <param name="Position">Where the source was at the lake's end.</param>
/// <param name="CompareFromMs">The log time at which what the log still holds begins, some of it perhaps in the lake; null when all of it is.</param>
/// <param name="Counters">Added to the log's counters.</param>
public sealed record LogRejoin(
    LogState Known,
    LogEntry? Marker,
    long CommittedMs,
    long CommittedOffset,
    SourcePosition? Position,
    long? CompareFromMs,
    IReadOnlyList<KeyValuePair<string, long>> Counters);
