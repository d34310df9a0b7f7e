namespace Pipeline.Archiving;

/// <summary>How a look for closed windows ended.</summary>
public enum WriteOutcome
{
    /// <summary>Windows were written.</summary>
    Written,

    /// <summary>No window was closed.</summary>
    Nothing,

    /// <summary>Another writer was at it.</summary>
    Busy,

    /// <summary>It broke off; the log keeps what is not committed.</summary>
    Failed,
}
