using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Monitoring;

/// <summary>Looks at a log and adds its shards up: amounts are sums, times those of the shard that is furthest behind or ahead.</summary>
public sealed class BufferProbe(IDatabase database, IReadOnlyList<RedisLog> logs, TimeProvider time)
{
    private readonly IReadOnlyList<ShardProbe> _shards = [.. logs.Select(l => new ShardProbe(database, l))];

    /// <exception cref="RedisException">Redis does not answer.</exception>
    public async Task<BufferReading> LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var readings = await Task.WhenAll(_shards.Select(s => s.LookAsync(now, cancellationToken)));
        return readings.Length == 1 ? readings[0] : Sum(readings);
    }

    internal static BufferReading Sum(IReadOnlyList<BufferReading> shards)
    {
        // Shards may share a server: its memory counts once, as for backpressure.
        var fullest = shards.MaxBy(s => s.MemoryUtilization)!;
        return new BufferReading(
            shards[0].Taken,
            shards.Sum(s => s.Events),
            Sum(shards, s => s.Entries),
            Sum(shards, s => s.Bytes),
            shards.Min(s => s.OldestUnwrittenMs),
            shards.Max(s => s.LastEntryMs),
            shards.Any(s => s.CommittedMs is null) ? null : shards.Min(s => s.CommittedMs),
            fullest.MemoryUsed,
            fullest.MemoryMax,
            Sum(shards, s => s.BallastKeys),
            shards.Sum(s => s.BallastExpected));
    }

    private static long? Sum(IReadOnlyList<BufferReading> shards, Func<BufferReading, long?> read) => shards.Any(s => read(s) is null) ? null : shards.Sum(read);
}
