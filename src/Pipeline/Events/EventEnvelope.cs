namespace Pipeline.Events;

/// <summary>An event's parts, as slices of the message: valid as long as the message and until the next parse.</summary>
public ref struct EventEnvelope
{
    public EventKind Kind;

    /// <summary>Set when <see cref="Kind"/> is <see cref="EventKind.Rejected"/>.</summary>
    public RejectReason Reason;

    /// <summary>Jetstream's <c>time_us</c>: microseconds since the Unix epoch. 0 when the message was rejected.</summary>
    public long TimeUs;

    public EventType Type;
    public Operation Operation;
    public ReadOnlySpan<byte> Did;
    public ReadOnlySpan<byte> Collection;
    public ReadOnlySpan<byte> Rev;
    public ReadOnlySpan<byte> Rkey;

    /// <summary>The record's CID; empty for deletes.</summary>
    public ReadOnlySpan<byte> Cid;

    /// <summary>The record as raw JSON; empty for deletes.</summary>
    public ReadOnlySpan<byte> Record;
}
