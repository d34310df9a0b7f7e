using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>
/// Has a Redis that was started anew write its append-only file from memory before the log goes on. A crash can cut the file inside a
/// script's transaction: Redis then starts, but leaves the half transaction in the file and carries it out at the start after next, in the midst
/// of what came later (docs/operations.md; valkey-io/valkey#4342).
/// </summary>
internal sealed class AppendOnlyFile(IDatabase database, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    // Shorter than a command may take; under everysec a second is what it takes.
    private static readonly TimeSpan _syncPatience = TimeSpan.FromSeconds(3);

    private string? _refusedBy;

    /// <summary>Returns when the file is sound; at once unless Redis was started since the last time.</summary>
    public async Task SettleAsync(RedisLog log, CancellationToken cancellationToken)
    {
        var server = await RedisInfo.ServerOfAsync(database, log.Keys.State);
        var run = (await RedisInfo.ReadAsync(server, "server")).Field("run_id");
        var (isNew, known) = await log.ReadRunAsync();
        if (run == known || run == _refusedBy) return;
        if (isNew || await TryRewriteAsync(server, log, cancellationToken)) await log.WriteRunAsync(run);
        else _refusedBy = run;
    }

    /// <summary>Waits until all that was appended is on the disk of Redis: nobody reads a source again that has ended. Warns when that is not certain.</summary>
    public async Task SyncAsync(RedisLog log)
    {
        string doubt;
        try
        {
            // It speaks of what Redis had done when it last answered us.
            var server = await RedisInfo.ServerOfAsync(database, log.Keys.State);
            var synced = (long[]?)await server.ExecuteAsync("WAITAOF", 1, 0, (long)_syncPatience.TotalMilliseconds);
            if (synced is [> 0, ..]) return;
            doubt = $"Not synced within {Quantity.Format(_syncPatience)}; its appendfsync should be everysec, and its disk work.";
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            doubt = e.Message;
        }

        logger.LogWarning(
            "The end of log {Log} may not be on the disk of Redis yet. Should Redis or its machine crash before it is (a second or two under appendfsync everysec), run `ingest` again. {Doubt}",
            log.Keys.Name, doubt);
    }

    private async Task<bool> TryRewriteAsync(IServer server, RedisLog log, CancellationToken cancellationToken)
    {
        if ((await RedisInfo.ReadAsync(server, "persistence")).Number("aof_enabled") == 0) return true;
        try
        {
            await server.ExecuteAsync("BGREWRITEAOF");
        }
        catch (RedisServerException e) when (e.Message.Contains("already in progress", StringComparison.Ordinal))
        {
            // As good as our own: it writes what is in memory since the start.
        }
        catch (RedisServerException e)
        {
            logger.LogError(
                "Redis was started anew and does not run BGREWRITEAOF, which keeps a file that was cut by a crash from doing harm at the start after next. " +
                "Give the user that right, see to the server's memory and disk, or run it by hand. Going on without. Redis says: {Error}", e.Message);
            return false;
        }

        logger.LogInformation("Redis was started anew. Log {Log} goes on when it has rewritten its append-only file.", log.Keys.Name);
        switch (await AofRewrite.WaitAsync(server, _patience, time, cancellationToken))
        {
            case true:
                return true;
            case false:
                logger.LogError("Redis could not rewrite its append-only file: see its log, and check its disk. Going on without.");
                return false;
            default:
                logger.LogError("Redis has not rewritten its append-only file within {Patience}. Going on without.", _patience);
                return false;
        }
    }
}
