using StackExchange.Redis;

namespace Pipeline.Archiving;

/// <summary>
/// Keeps two writers from doing the same work. It is a courtesy, no lock: a writer that loses it while writing harms nobody, since the
/// same window always gives the same files.
/// </summary>
internal sealed class WriterLease : IAsyncDisposable
{
    private const string RenewScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";
    private const string ReleaseScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private readonly IDatabase _database;
    private readonly RedisKey _key;
    private readonly string _token;
    private readonly TimeSpan _length;
    private readonly TimeProvider _time;
    private long _renewed;

    private WriterLease(IDatabase database, RedisKey key, string token, TimeSpan length, TimeProvider time) =>
        (_database, _key, _token, _length, _time, _renewed) = (database, key, token, length, time, time.GetTimestamp());

    /// <summary>Takes the lease; null when another writer holds it.</summary>
    public static async Task<WriterLease?> TryTakeAsync(IDatabase database, RedisKey key, TimeSpan length, TimeProvider time)
    {
        var token = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
        return await database.StringSetAsync(key, token, length, when: When.NotExists)
            ? new WriterLease(database, key, token, length, time)
            : null;
    }

    /// <summary>Prolongs the lease when a third of it has passed.</summary>
    public async Task RenewAsync()
    {
        if (_time.GetElapsedTime(_renewed) < _length / 3) return;
        _renewed = _time.GetTimestamp();
        await _database.ScriptEvaluateAsync(RenewScript, [_key], [_token, (long)_length.TotalMilliseconds]);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _database.ScriptEvaluateAsync(ReleaseScript, [_key], [_token]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // It runs out by itself.
        }
    }
}
