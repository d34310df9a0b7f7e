using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>
/// A few large keys that nobody touches. Under <c>allkeys-lru</c> Redis makes room by deleting what was used longest ago: that is ballast
/// before it is the stream, and missing ballast is the first sign that another tenant fills Redis.
/// </summary>
internal sealed class Ballast
{
    /// <summary>How many keys it is divided among.</summary>
    public const int Keys = 8;

    // Of the state hash.
    private const string LaidField = "ballast";

    // Asks only once for what a key takes: zeros, which cost nothing on the wire and nothing in the append-only file.
    private const string EnsureScript =
        """
        local known = tonumber(redis.call('HGET', KEYS[1], 'ballast') or '0')
        local present = redis.call('EXISTS', unpack(KEYS, 2))
        local evicted = known > present and known - present or 0
        if evicted > 0 then redis.call('HINCRBY', KEYS[1], ARGV[2], evicted) end
        for i = 2, #KEYS do
          if redis.call('EXISTS', KEYS[i]) == 0 then redis.call('SETRANGE', KEYS[i], tonumber(ARGV[1]) - 1, '0') end
        end
        redis.call('HSET', KEYS[1], 'ballast', #KEYS - 1)
        return evicted
        """;

    private readonly IDatabase _database;
    private readonly RedisKey _state;
    private readonly RedisKey[] _keys;
    private readonly double _share;
    private bool _isLaid;

    /// <param name="share">Share of Redis' memory limit that all of it takes; 0 for no ballast.</param>
    public Ballast(IDatabase database, LogKeys keys, double share)
    {
        (_database, _state, _share) = (database, keys.State, share);
        _keys = [.. Enumerable.Range(0, Keys).Select(keys.Ballast)];
    }

    /// <summary>Lays what is missing, where Redis would evict it; gives the number of keys that were evicted since it was laid.</summary>
    public async Task<long> EnsureAsync(MemoryReading memory)
    {
        _isLaid = false;
        if (_share <= 0 || !memory.EvictsAnyKey) return 0;
        var bytes = Math.Max(1, (long)(memory.Max * _share / Keys));
        var evicted = (long)await _database.ScriptEvaluateAsync(EnsureScript, [_state, .. _keys], [bytes, LogCounters.BallastEvicted]);
        _isLaid = true;
        return evicted;
    }

    /// <summary>How many keys were laid, by whomever.</summary>
    public async Task<long> CountLaidAsync() => (long?)await _database.HashGetAsync(_state, LaidField) ?? 0;

    /// <summary>How many keys there are. Does not touch them.</summary>
    public Task<long> CountPresentAsync() => _database.KeyExistsAsync(_keys);

    /// <summary>How many keys Redis has evicted. Does not touch them: their age is what they are for.</summary>
    public async Task<long> CountMissingAsync() => _isLaid ? _keys.Length - await _database.KeyExistsAsync(_keys) : 0;
}
