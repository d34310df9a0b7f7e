namespace Pipeline.Scheduling.Prefect.Wire;

/// <summary>What the server decided about a state that was proposed.</summary>
internal static class AnswerStatus
{
    /// <summary>The run is in that state now.</summary>
    public const string Accept = "ACCEPT";

    /// <summary>The run is in another state, which the answer names.</summary>
    public const string Reject = "REJECT";

    /// <summary>Nothing has changed; to be proposed again after a time.</summary>
    public const string Wait = "WAIT";

    /// <summary>Nothing has changed, and the proposer has to let the run go.</summary>
    public const string Abort = "ABORT";
}
