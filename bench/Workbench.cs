using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Commands;
using Pipeline.Commands.Demo;
using Pipeline.Events;
using StackExchange.Redis;

namespace Pipeline.Bench;

/// <summary>A Redis with the production settings, a folder, and the pipeline's two halves.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

    private readonly PrivateRedis _redis;
    private readonly RedisConnection _connection;

    private Workbench(PrivateRedis redis, RedisConnection connection, EventSet events) =>
        (_redis, _connection, Events) = (redis, connection, events);

    public EventSet Events { get; }

    public int Port => _redis.Port;

    public IDatabase Database => _connection.Database;

    public string Address => _redis.Address;

    public string Folder { get; } = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;

    public static async Task<Workbench> OpenAsync(EventSet events, CancellationToken cancellationToken)
    {
        var redis = await PrivateRedis.StartAsync(outlives: false, cancellationToken);
        return new Workbench(redis, await RedisConnection.OpenAsync(redis.Address, "bench", cancellationToken), events);
    }

    /// <summary>Empties Redis and its append-only file, so that every measurement starts from the same place.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await IdleAsync(cancellationToken);
        await _connection.Database.ExecuteAsync("FLUSHALL", "SYNC");
        while (!await TryRewriteAsync()) await IdleAsync(cancellationToken);
        await IdleAsync(cancellationToken);
        GC.Collect();
    }

    /// <summary>Bytes that Redis uses once its buffers are written out.</summary>
    public async Task<long> UsedMemoryAsync(CancellationToken cancellationToken)
    {
        // The append-only file is synced once a second, and its buffer counts as used memory until then.
        await Task.Delay(TimeSpan.FromSeconds(1.5), cancellationToken);
        await IdleAsync(cancellationToken);
        return (await new MemoryGauge(_connection.Database, "any").ReadAsync()).Used;
    }

    /// <summary>Puts the events into the log; returns how many records Redis acknowledged and holds, and the time it took.</summary>
    public async Task<(long Records, TimeSpan Time)> IngestAsync(LogOptions options, CancellationToken cancellationToken)
    {
        var stats = new IngestStats();
        var ingestor = new Ingestor(
            new Feed(new MemorySource(Events), _connection.Database, _connection.Logs(options), Memory: null, options, new EventLimits()), stats,
            TimeProvider.System, NullLogger<Ingestor>.Instance);
        var started = Stopwatch.GetTimestamp();
        await ingestor.RunAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        cancellationToken.ThrowIfCancellationRequested();
        await CheckAsync(stats, options);
        return (stats.Acknowledged, elapsed);
    }

    /// <summary>Writes everything in the log to a new lake; returns the rows, the bytes of the files, and the time it took.</summary>
    public async Task<(long Rows, long Bytes, TimeSpan Time)> DrainAsync(string lake, CancellationToken cancellationToken, TimeSpan? window = null)
    {
        var (options, stats) = (new LogOptions(), new WriteStats());
        var target = new LakeOptions { Path = lake };
        if (window is { } length) target = target with { Window = length };
        var memory = new LakeMemory(target, TimeProvider.System, NullLogger<LakeMemory>.Instance);
        var writer = new LakeWriter(
            _connection.Database, _connection.Logs(options), memory, options, target, new EventLimits(), stats, TimeProvider.System,
            NullLogger<LakeWriter>.Instance);
        var started = Stopwatch.GetTimestamp();
        await writer.WriteClosedWindowsAsync(drain: true, cancellationToken);
        return (stats.Rows, stats.Bytes, Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>False when Redis has begun to rewrite its file by itself, perhaps still with what was there before.</summary>
    private async Task<bool> TryRewriteAsync()
    {
        try
        {
            await _connection.Database.ExecuteAsync("BGREWRITEAOF");
            return true;
        }
        catch (RedisServerException e) when (e.Message.Contains("already in progress", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>A figure is worth nothing unless Redis holds every record of the run, in the stream itself.</summary>
    private async Task CheckAsync(IngestStats stats, LogOptions options)
    {
        var held = 0L;
        foreach (var log in _connection.Logs(options))
        {
            await foreach (var entry in log.ReadAsync(LogEntryId.Zero, LogEntryId.Parse("18446744073709551-0"), 256, CancellationToken.None)) held += entry.Count;
        }

        if (stats.Recoveries > 0 || held != stats.Acknowledged || stats.Acknowledged + stats.Skipped + stats.Duplicates != stats.Received || stats.Received != Events.Count)
        {
            throw new InvalidOperationException(
                $"Of {Events.Count} events {stats.Received} were received, {stats.Skipped} were skipped, {stats.Duplicates} repeated, {stats.Acknowledged} acknowledged; " +
                $"Redis holds {held}, after {stats.Recoveries} recoveries.");
        }
    }

    private async Task IdleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var info = (string?)await _connection.Database.ExecuteAsync("INFO", "persistence") ?? "";
            if (info.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal) && info.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal)) return;
            await Task.Delay(_poll, cancellationToken);
        }
    }
}
