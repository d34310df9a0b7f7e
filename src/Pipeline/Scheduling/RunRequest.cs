namespace Pipeline.Scheduling;

/// <summary>One run that is due.</summary>
/// <param name="RunId">What the scheduler calls it.</param>
/// <param name="Scheduled">When it was due.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Drain">True to write the open window as well, where the source has ended.</param>
public sealed record RunRequest(string RunId, RunTrigger Trigger, DateTimeOffset Scheduled, int Attempt, bool Drain)
{
    /// <summary>Longest that it may take. Default: no limit.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Hears of each window while the run is at it.</summary>
    public IRunProgress? Progress { get; init; }
}
