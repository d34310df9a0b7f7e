namespace Pipeline.Archiving;

/// <summary>The lake cannot be written or read as it is: the message says what, where and how to mend it.</summary>
public sealed class LakeException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>True when it may pass without the pipeline being changed: a disk that is full, or not mounted.</summary>
    public bool CanHeal { get; init; }
}
