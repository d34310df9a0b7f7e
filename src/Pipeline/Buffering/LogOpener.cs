using Microsoft.Extensions.Logging;
using Pipeline.Events;
using ZstdSharp;

namespace Pipeline.Buffering;

/// <summary>Finds out where the log ends and what it holds, which is all that an ingestor starts from.</summary>
internal sealed class LogOpener(Feed feed, IngestStats stats, TimeProvider time, ILogger logger)
{
    private readonly AppendOnlyFile _file = new(feed.Database, time, logger);
    private readonly EventParser _parser = new(feed.Limits);
    private readonly (string LogId, long Offset)[] _acknowledged = new (string, long)[feed.Logs.Count];

    /// <exception cref="LogException">The log belongs to another source or another program.</exception>
    public async Task<ShardIngest[]> OpenAsync(CancellationToken cancellationToken)
    {
        var shards = new ShardIngest[feed.Logs.Count];
        try
        {
            for (var i = 0; i < shards.Length; i++) shards[i] = await OpenAsync(i, cancellationToken);
            return shards;
        }
        catch
        {
            foreach (var shard in shards.OfType<ShardIngest>()) await shard.DisposeAsync();
            throw;
        }
    }

    /// <summary>The identities of the events in the log's look-back.</summary>
    public async Task<SeenEvents> ReadSeenAsync(ShardIngest[] shards, CancellationToken cancellationToken)
    {
        var seen = new SeenEvents((long)feed.Options.LookBack.TotalSeconds);
        using var decompressor = new Decompressor();
        byte[] decoded = [];

        // The source resumes at the earliest position, so each shard is sent again what came since then.
        var position = shards.Min(s => s.Tail.Position?.TimeMs);
        for (var i = 0; i < shards.Length; i++)
        {
            if (shards[i].Tail is not { Last: { } last, StreamExists: true }) continue;
            var from = Math.Max(0, LookBack.From(last.Ms, position, feed.Options.LookBack));
            await foreach (var entry in feed.Logs[i].ReadAsync(new LogEntryId(from, 0), last, RedisLog.ChunkEntries, cancellationToken))
            {
                Remember(entry, seen, decompressor, ref decoded);
            }
        }

        return seen;
    }

    private async Task<ShardIngest> OpenAsync(int index, CancellationToken cancellationToken)
    {
        var log = feed.Logs[index];
        await _file.SettleAsync(log, cancellationToken);
        if (feed.Memory is { } memory) await memory.RestoreAsync(log);
        var tail = await ToSourceAsync(log, await log.ReadTailAsync());
        var shard = new ShardIngest(log, tail, feed.Source.IsLive, feed.Options, time);
        ReportLoss(index, shard);
        _acknowledged[index] = (tail.LogId, tail.Offset);
        shard.Appender.Acknowledged += (entry, duration) =>
        {
            _acknowledged[index].Offset = entry.NextOffset;
            stats.CountAcknowledged(new AppendedBatch(entry.Count, entry.Frame.Length, duration));
        };
        return shard;
    }

    /// <summary>Has a log whose source has ended go on with another one: where that one ended, if it was here before.</summary>
    private async Task<LogTail> ToSourceAsync(RedisLog log, LogTail tail)
    {
        foreach (var end in tail.StaleEnds) await log.ForgetEndAsync(end);
        if (tail.Position is not { } before || before.Source == feed.Source.Name) return tail;
        if (!tail.IsEnd)
        {
            throw new LogException(
                $"Log {log.Keys.Name} was fed by {before.Source} up to {before.Value}; it cannot go on with {feed.Source.Name}. " +
                "Use the same source, or give this one a log of its own (--log NAME).");
        }

        await log.WriteEndAsync(new SourceEnd(before, tail.Offset));
        return tail with { Position = tail.EndOf(feed.Source.Name) };
    }

    /// <summary>Says what Redis has lost: all of a stream that was evicted, or the end of one after a crash.</summary>
    private void ReportLoss(int index, ShardIngest shard)
    {
        var (tail, known) = (shard.Tail, _acknowledged[index]);
        var from = tail.Position?.ToString() ?? (feed.Source.Rewind > 0 ? "what the source sends now, for it is not known where it began: the rest is lost" : "the source's beginning");
        if (tail.Missing > 0)
        {
            logger.LogError(
                "Log {Log} lost its stream with {Missing} records, up to {End}, that were not in the lake yet. Fetching them again from {Position}.",
                feed.Logs[index].Keys.Name, tail.Missing, tail.Last, from);
        }
        else if (known.LogId is { } logId && logId == tail.LogId && tail.Offset < known.Offset)
        {
            var forgotten = known.Offset - tail.Offset;
            // A counter alone would give a log that is empty the clock's time.
            if (tail.Last is not null) shard.Open.Tally(LogCounters.Forgotten, forgotten, time.GetTimestamp());
            stats.CountForgotten(forgotten);
            logger.LogWarning(
                "Redis forgot {Forgotten} records of log {Log} that it had acknowledged. Fetching them again from {Position}.",
                forgotten, feed.Logs[index].Keys.Name, from);
        }
    }

    private void Remember(LogEntry entry, SeenEvents seen, Decompressor decompressor, ref byte[] decoded)
    {
        try
        {
            foreach (var record in RecordBatch.Decode(decompressor, entry.Frame.Span, entry.Count, ref decoded))
            {
                if (record.Reason is not null)
                {
                    seen.Add(EventIdentity.OfRejected(record.Bytes.Span, record.Length), entry.Id.Second);
                    continue;
                }

                var envelope = _parser.Parse(record.Bytes.Span);
                if (envelope.Kind == EventKind.Archived) seen.Add(EventIdentity.Of(envelope), entry.Id.Second);
            }
        }
        catch (CorruptBatchException e)
        {
            logger.LogError("Entry {Entry} is damaged and cannot help to recognise repeated events: {Error}", entry.Id, e.Message);
        }
    }
}
