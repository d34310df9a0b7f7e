namespace Pipeline.Bench;

/// <summary>How much is measured.</summary>
internal sealed record BenchOptions(int Events, int Rounds, long RssEvents);
