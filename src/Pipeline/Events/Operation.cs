namespace Pipeline.Events;

/// <summary>What happened to the record.</summary>
public enum Operation : byte
{
    Create,
    Update,

    /// <summary>The record is gone: the event carries neither record nor CID.</summary>
    Delete,
}
