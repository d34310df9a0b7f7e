using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>Where a writer starts: the log as it was read at one moment.</summary>
/// <param name="Epoch">Who had appended last (<see cref="LogState.Epoch"/>).</param>
/// <param name="Last">The log's last entry: the look-back before it stays in the stream.</param>
/// <param name="From">Where the entries begin that are not committed.</param>
/// <param name="CommittedMs">The committed time that the next window follows, in ms since the Unix epoch; null before the first commit.</param>
/// <param name="Offset">The committed offset that the next window follows.</param>
/// <param name="Position">The source's position after the last committed record.</param>
/// <param name="RejoinFromMs">See <see cref="LogState.RejoinFromMs"/>.</param>
/// <param name="RejoinToMs">See <see cref="LogState.RejoinToMs"/>.</param>
/// <param name="Ends">Where sources ended that fed the log before.</param>
internal sealed record WriteStart(
    string LogId,
    string Epoch,
    LogEntry Last,
    LogEntryId From,
    long? CommittedMs,
    long Offset,
    SourcePosition? Position,
    long? RejoinFromMs,
    long? RejoinToMs,
    IReadOnlyList<SourceEnd> Ends)
{
    /// <summary>True for the first window of a log that was rolled back: the lake may have what is in it.</summary>
    public bool IsRejoin(LogEntryId from) => RejoinFromMs is not null && from == From;
}
