using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>How full the server is that holds a key.</summary>
public sealed class MemoryGauge(IDatabase database, RedisKey key)
{
    /// <summary>Asks Redis.</summary>
    public async Task<MemoryReading> ReadAsync()
    {
        var info = await RedisInfo.ReadAsync(await RedisInfo.ServerOfAsync(database, key), "memory");
        return new MemoryReading(info.Number("used_memory"), info.Number("maxmemory"), info.Field("maxmemory_policy"));
    }
}
