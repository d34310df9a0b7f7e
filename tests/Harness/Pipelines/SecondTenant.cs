using StackExchange.Redis;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>Somebody else who uses the same Redis, and takes everything along at the end.</summary>
public sealed class SecondTenant(IDatabase database) : IAsyncDisposable
{
    private static readonly byte[] _value = new byte[1_000_000];

    private readonly List<RedisKey> _keys = [];

    /// <summary>Writes until a condition holds.</summary>
    public async Task FillUntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await WriteAsync();
    }

    /// <summary>Writes another megabyte.</summary>
    /// <exception cref="RedisServerException">Redis is full.</exception>
    public async Task WriteAsync()
    {
        RedisKey key = $"tenant:{_keys.Count}";
        await database.StringSetAsync(key, _value);
        _keys.Add(key);
    }

    public async Task LeaveAsync()
    {
        await database.KeyDeleteAsync([.. _keys]);
        _keys.Clear();
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();
}
