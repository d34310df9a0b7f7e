using System.Globalization;
using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Archiving;

/// <summary>
/// Keeps two writers from doing the same work. It is a courtesy, no lock: a writer that loses it while writing harms nobody, since the
/// same window always gives the same files.
/// </summary>
internal sealed class WriterLease : IAsyncDisposable
{
    // A writer finds its own lease after an outage in which it could not give it back. To expire a key that is not there changes nothing, but a
    // Redis that is out of memory then lets the script go on.
    private const string TakeScript =
        """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        if redis.call('PEXPIRE', KEYS[1], ARGV[2]) == 1 then return 1 end
        return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
        """;
    private const string RenewScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";
    private const string ReleaseScript = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    // Earlier versions wrote no start, and take the two for one part.
    private static readonly string _process =
        $"{Environment.MachineName}|{Environment.ProcessId}|{Guid.NewGuid():N}{(ProcessStart.Own is { } start ? $"@{start}" : "")}";

    private readonly IDatabase _database;
    private readonly RedisKey _key;
    private readonly string _token;
    private readonly TimeSpan _length;
    private readonly TimeProvider _time;
    private long _renewed;

    private WriterLease(IDatabase database, RedisKey key, string token, TimeSpan length, TimeProvider time) =>
        (_database, _key, _token, _length, _time, _renewed) = (database, key, token, length, time, time.GetTimestamp());

    /// <summary>What tells one writer from another.</summary>
    public static string NewToken() => $"{_process}|{Guid.NewGuid():N}";

    /// <summary>Takes the lease; null when another writer holds it.</summary>
    /// <param name="token">The writer's own (<see cref="NewToken"/>).</param>
    public static async Task<WriterLease?> TryTakeAsync(IDatabase database, LogKeys keys, string token, TimeSpan length, TimeProvider time)
    {
        async Task<bool> TakeAsync() =>
            (int)await database.ScriptEvaluateAsync(TakeScript, [keys.Lease], [token, (long)length.TotalMilliseconds]) == 1;

        var taken = await TakeAsync();
        if (!taken && (string?)await database.StringGetAsync(keys.Lease) is { } holder && IsDead(holder))
        {
            await database.ScriptEvaluateAsync(ReleaseScript, [keys.Lease], [holder]);
            taken = await TakeAsync();
        }

        return taken ? new WriterLease(database, keys.Lease, token, length, time) : null;
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

    /// <summary>Whether the holder of a token is a process of this machine that is no more: after a crash nobody has to wait for its lease to run out.</summary>
    public static bool IsDead(string holder)
    {
        if (holder.Split('|') is not [var machine, var id, var incarnation, _] || machine != Environment.MachineName) return false;
        if (!int.TryParse(id, CultureInfo.InvariantCulture, out var process)) return false;

        // In a container the process before had the same number.
        if (process == Environment.ProcessId) return !_process.EndsWith(incarnation, StringComparison.Ordinal);
        return !ProcessStart.IsRunning(process, incarnation.Split('@') is [_, var start] ? start : null);
    }
}
