namespace Pipeline.Buffering;

/// <summary>One entry of the log as stored: a record batch and what is known about it without decoding.</summary>
/// <param name="Id">Place and log time.</param>
/// <param name="LogId">The log it belongs to: a random name given when the log began.</param>
/// <param name="Offset">How many records the log held before this batch, ever. A gap between two entries is a loss of that many.</param>
/// <param name="Count">How many records the batch holds; 0 for a heartbeat.</param>
/// <param name="Position">Where the source resumes after this batch.</param>
/// <param name="IsEnd">True when the source has ended and this is its last entry.</param>
/// <param name="MayRepeat">
/// True when the log had lost its look-back before: events in the batch may be in the lake already, and the writer has to look.
/// </param>
/// <param name="Frame">The records, in one zstd frame with a checksum (<see cref="RecordBatch"/>); empty when there are none.</param>
public sealed record LogEntry(
    LogEntryId Id, string LogId, long Offset, int Count, SourcePosition? Position, bool IsEnd, bool MayRepeat, ReadOnlyMemory<byte> Frame)
{
    /// <summary>The offset after this batch.</summary>
    public long NextOffset => Offset + Count;
}
