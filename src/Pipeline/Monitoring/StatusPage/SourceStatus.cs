namespace Pipeline.Monitoring.StatusPage;

/// <summary>Where events come from, and how many have come since the start.</summary>
/// <param name="FollowsClock">True when the events' times are the clock's, so that being behind means something.</param>
/// <param name="Paused">True while reading pauses because Redis is full.</param>
/// <param name="Position">The time of the newest event; null before the first.</param>
/// <param name="Appended">Events appended to the log, in the order of <see cref="StatusProgram.Types"/>.</param>
internal sealed record SourceStatus(
    bool Connected, bool FollowsClock, bool Ended, bool Paused, DateTimeOffset? Position, long Received, IReadOnlyList<long> Appended);
