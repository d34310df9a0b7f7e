namespace Pipeline.Scheduling;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>Every closed window is in the lake, and at least one was not before.</summary>
    Written,

    /// <summary>No window was closed.</summary>
    Nothing,

    /// <summary>Another writer is at it, and was left the work.</summary>
    Busy,

    /// <summary>It could not be done; what was not committed is still in the log.</summary>
    Failed,

    /// <summary>It was told to stop.</summary>
    Cancelled,

    /// <summary>It took longer than <see cref="RunRequest.Limit"/>.</summary>
    TimedOut,

    /// <summary>Its program was gone before it ended.</summary>
    Crashed,
}
