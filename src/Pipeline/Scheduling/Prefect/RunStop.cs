namespace Pipeline.Scheduling.Prefect;

/// <summary>Why a run that is going on has to end.</summary>
internal enum RunStop
{
    None,

    /// <summary>The worker is told to stop: the run is for the next worker.</summary>
    Shutdown,

    /// <summary>Somebody cancels it on the server.</summary>
    Cancelled,

    /// <summary>Somebody pauses it on the server.</summary>
    Paused,

    /// <summary>It was deleted, or set to a state that is none of a run that is going on.</summary>
    TakenAway,
}
