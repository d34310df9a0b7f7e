using Pipeline.Events;

namespace Pipeline.Buffering;

/// <summary>One record of a batch: an event, or a message that was rejected on arrival.</summary>
/// <param name="Bytes">The message, as a slice of the decoded batch.</param>
/// <param name="Reason">Null for an event.</param>
/// <param name="Length">The message's full length in bytes, more than <paramref name="Bytes"/> holds when it was cut.</param>
public readonly record struct BatchRecord(ReadOnlyMemory<byte> Bytes, RejectReason? Reason, long Length);
