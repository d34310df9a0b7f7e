namespace Pipeline.Monitoring.StatusPage;

/// <summary>Where events come from, and how many have come since the start.</summary>
/// <param name="Live">True when the source keeps up with the clock, so that being behind means something; false for a file.</param>
/// <param name="Position">The time of the newest event; null before the first.</param>
/// <param name="Appended">Events appended to the log, in the order of <see cref="StatusProgram.Types"/>.</param>
/// <param name="Paused">True while reading pauses because Redis is full.</param>
internal sealed record SourceStatus(
    bool Connected, bool Live, bool Ended, DateTimeOffset? Position, long Received, long Repeated, long Skipped, IReadOnlyList<long> Appended, bool Paused);
