namespace Pipeline.Scheduling;

/// <summary>What made a run begin.</summary>
public enum RunTrigger
{
    /// <summary>Its time had come.</summary>
    Schedule,

    /// <summary>A person asked for it.</summary>
    Manual,

    /// <summary>The one before failed.</summary>
    Retry,

    /// <summary>Its time had passed while nobody could run it.</summary>
    CatchUp,

    /// <summary>A Prefect server's schedule.</summary>
    Prefect,

    /// <summary>The source had ended, and the rest is written.</summary>
    End,
}
