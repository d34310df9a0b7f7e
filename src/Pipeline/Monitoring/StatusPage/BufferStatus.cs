namespace Pipeline.Monitoring.StatusPage;

/// <summary>What the log in Redis holds.</summary>
/// <param name="Up">False when the last look at Redis failed; the rest is then what was seen before.</param>
/// <param name="Events">Events that are not in the lake yet.</param>
/// <param name="Oldest">The log time of the oldest of them; null when nothing waits.</param>
/// <param name="MemoryMax">Redis' limit in bytes; 0 for none.</param>
/// <param name="LowWater">The share of the limit below which reading goes on.</param>
/// <param name="HighWater">The share of the limit above which reading pauses.</param>
internal sealed record BufferStatus(
    bool Up, long Events, DateTimeOffset? Oldest, long MemoryUsed, long MemoryMax, double LowWater, double HighWater);
