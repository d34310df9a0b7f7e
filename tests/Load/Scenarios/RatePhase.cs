namespace Pipeline.Tests.Load.Scenarios;

/// <summary>A stretch of time with a steady rate.</summary>
/// <param name="PerSecond">Operations begun per second, evenly spaced.</param>
public sealed record RatePhase(double PerSecond, TimeSpan During);
