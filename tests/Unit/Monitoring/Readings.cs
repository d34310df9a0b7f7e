using Pipeline.Monitoring;

namespace Pipeline.Tests.Unit.Monitoring;

internal static class Readings
{
    /// <summary>A log with 1,000 records waiting, in a Redis that is half full.</summary>
    public static BufferReading Usual(DateTimeOffset taken) => new(
        taken, Events: 1000, Entries: 30, Bytes: 200_000, OldestUnwrittenMs: 5_000, LastEntryMs: 9_000, CommittedMs: 4_000,
        MemoryUsed: 1_000_000, MemoryMax: 2_000_000, BallastKeys: 8, BallastExpected: 8);
}
