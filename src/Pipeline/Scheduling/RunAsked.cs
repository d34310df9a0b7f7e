namespace Pipeline.Scheduling;

/// <summary>A run that somebody asked for (<c>pipeline schedule trigger</c>, <c>pipeline runs retry</c>).</summary>
/// <param name="RetryOf">The run that it repeats; null when it is a new one.</param>
/// <param name="Taken">When a program took it on; null as long as none did.</param>
/// <param name="Run">The run that it became.</param>
internal sealed record RunAsked(long Number, string? RetryOf, DateTimeOffset? Taken, string? Run);
