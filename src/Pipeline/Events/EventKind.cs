namespace Pipeline.Events;

/// <summary>What the pipeline does with a message of the source.</summary>
public enum EventKind : byte
{
    /// <summary>A commit to one of the five archived collections.</summary>
    Archived,

    /// <summary>A commit to another collection: counted, not archived.</summary>
    OtherCollection,

    /// <summary>A handle or DID document changed: counted, not archived.</summary>
    Identity,

    /// <summary>An account's status changed: counted, not archived.</summary>
    Account,

    /// <summary>Not an event as we know it: archived with its bytes and a <see cref="RejectReason"/>.</summary>
    Rejected,
}
