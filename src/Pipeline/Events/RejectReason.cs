namespace Pipeline.Events;

/// <summary>Why a message went to the <c>rejected</c> table. Stored as a number in the log: never renumber.</summary>
public enum RejectReason : byte
{
    /// <summary>Not JSON, or not UTF-8.</summary>
    Malformed = 1,

    /// <summary>Longer than <see cref="EventLimits.MaxBytes"/>; only that many bytes are kept.</summary>
    Oversized = 2,

    /// <summary>Nested deeper than <see cref="EventLimits.MaxDepth"/>.</summary>
    TooDeep = 3,

    /// <summary>JSON, but without the members that an event has.</summary>
    UnknownShape = 4,

    /// <summary>A <c>time_us</c> before the network existed or too far in the future.</summary>
    TimeOutOfRange = 5,

    /// <summary>A record batch whose checksum does not hold: kept whole, as stored.</summary>
    CorruptBatch = 6,
}
