using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Monitoring;

/// <summary>Looks at one shard of a log, with commands that cost Redis next to nothing however long the log is.</summary>
internal sealed class ShardProbe(IDatabase database, RedisLog log)
{
    // Heartbeats are tiny, so are many of them; the first batch behind them ends the search.
    private const int HeartbeatsAtOnce = 64;

    private readonly MemoryGauge _gauge = new(database, log.Keys.State);
    private readonly Ballast _ballast = new(database, log.Keys, share: 0);
    private readonly HashSet<string> _refused = [];

    public async Task<BufferReading> LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (last, state) = await log.ReadEndAsync();
        var committed = state.CommittedOffset > 0 ? state.CommittedMs ?? 0 : 0;
        var oldest = last is null || last.NextOffset <= state.CommittedOffset
            ? null
            : await FirstUnwrittenAsync(new LogEntryId(committed, 0), state.CommittedOffset, cancellationToken);
        var memory = await _gauge.ReadAsync();
        var expected = await _ballast.CountLaidAsync();
        return new BufferReading(
            now,
            oldest is null ? 0 : last!.NextOffset - Math.Max(oldest.Offset, state.CommittedOffset),
            await AskAsync("XLEN", async () => await database.StreamLengthAsync(log.Keys.Stream)),
            await AskAsync("MEMORY USAGE", async () => (long?)await database.ExecuteAsync("MEMORY", "USAGE", log.Keys.Stream) ?? 0),
            oldest?.Id.Ms,
            last?.Id.Ms,
            state.CommittedMs,
            memory.Used,
            memory.Max,
            expected == 0 ? 0 : await AskAsync("EXISTS", _ballast.CountPresentAsync),
            expected);
    }

    private async Task<LogEntry?> FirstUnwrittenAsync(LogEntryId from, long committedOffset, CancellationToken cancellationToken)
    {
        var first = await log.ReadFirstAsync(from);
        if (first is null || first.NextOffset > committedOffset) return first;
        await foreach (var entry in log.ReadAsync(from, new LogEntryId(long.MaxValue, long.MaxValue), HeartbeatsAtOnce, cancellationToken))
        {
            if (entry.NextOffset > committedOffset) return entry;
        }

        return null;
    }

    /// <summary>Asks what the pipeline itself has no need to ask: a user from before there were metrics may not.</summary>
    private async Task<long?> AskAsync(string what, Func<Task<long>> ask)
    {
        if (_refused.Contains(what)) return null;
        try
        {
            return await ask();
        }
        catch (RedisServerException e) when (Refusal.In(e) is not null)
        {
            // Not again: each refusal is an entry in Redis' ACL log.
            _refused.Add(what);
            return null;
        }
    }
}
