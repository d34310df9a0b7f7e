using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>
/// Says when reading has to pause: Redis is nearly full, or it has begun to evict ballast. Between the high-water and the low-water mark
/// things stay as they are.
/// </summary>
internal sealed class Backpressure(IDatabase database, IReadOnlyList<RedisLog> logs, LogOptions options, IngestStats stats, TimeProvider time, ILogger logger)
{
    /// <summary>How often Redis is asked while events flow.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<MemoryGauge> _gauges = [.. logs.Select(l => new MemoryGauge(database, l.Keys.State))];
    private readonly IReadOnlyList<Ballast> _ballast = [.. logs.Select(l => new Ballast(database, l.Keys, options.Ballast))];
    private long _asked;

    public bool IsDue => time.GetElapsedTime(_asked) >= Interval;

    /// <summary>True when reading has to pause; otherwise ballast is laid where it is missing.</summary>
    public async Task<bool> IsFullAsync()
    {
        _asked = time.GetTimestamp();
        var memory = await ReadFullestAsync();
        var missing = await CountMissingAsync();
        if (!memory.IsAbove(options.HighWater) && missing == 0)
        {
            if (!memory.IsAbove(options.LowWater)) await EnsureBallastAsync(memory);
            return false;
        }

        logger.LogWarning(
            "Redis holds {Used:N0} of {Max:N0} bytes{Evicted}. Reading pauses until it is below {LowWater:P0}: the writer frees what is in the lake.",
            memory.Used, memory.Max, missing > 0 ? $" and has evicted {missing} ballast keys: something else fills it, and the log would be next" : "",
            options.LowWater);
        return true;
    }

    /// <summary>True when reading may go on.</summary>
    public async Task<bool> HasRoomAsync()
    {
        _asked = time.GetTimestamp();
        var memory = await ReadFullestAsync();
        if (memory.IsAbove(options.LowWater))
        {
            // A log that rests must not look forgotten to a Redis that looks for what to evict.
            foreach (var log in logs) await log.TouchAsync();
            return false;
        }

        await EnsureBallastAsync(memory);
        logger.LogInformation("Redis holds {Used:N0} of {Max:N0} bytes. Reading goes on.", memory.Used, memory.Max);
        return true;
    }

    /// <summary>How full the fullest of the servers is.</summary>
    private async Task<MemoryReading> ReadFullestAsync()
    {
        var readings = await Task.WhenAll(_gauges.Select(g => g.ReadAsync()));
        return readings.MaxBy(r => r.Max > 0 ? (double)r.Used / r.Max : 0);
    }

    private async Task<long> CountMissingAsync()
    {
        var missing = 0L;
        foreach (var ballast in _ballast) missing += await ballast.CountMissingAsync();
        return missing;
    }

    private async Task EnsureBallastAsync(MemoryReading memory)
    {
        foreach (var ballast in _ballast) stats.CountBallastEvicted(await ballast.EnsureAsync(memory));
    }
}
