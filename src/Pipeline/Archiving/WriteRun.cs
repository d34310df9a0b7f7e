namespace Pipeline.Archiving;

/// <summary>A look for closed windows that has ended, and what came of it.</summary>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record WriteRun(WriteOutcome Outcome, DateTimeOffset Ended, TimeSpan Duration, Exception? Error);
