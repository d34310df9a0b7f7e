namespace Pipeline.Bench;

/// <summary>How much is measured.</summary>
/// <param name="IsLong">True for as many rounds of the hot paths as BenchmarkDotNet sees fit.</param>
internal sealed record BenchOptions(int Events, int Rounds, long RssEvents, bool IsLong);
