using System.IO.Hashing;
using Microsoft.Extensions.Logging;
using Pipeline.Events;
using Pipeline.Sources;
using StackExchange.Redis;
using ZstdSharp;

namespace Pipeline.Buffering;

/// <summary>
/// Moves events from a source into the log. The log's tail is the only memory: after whatever went wrong, the tail is read again, the
/// source resumes there, and what the log already holds is dropped.
/// </summary>
public sealed class Ingestor(
    IReadOnlyList<RedisLog> logs,
    MemoryGauge memory,
    IEventSource source,
    LogOptions options,
    EventLimits limits,
    IngestStats stats,
    TimeProvider time,
    ILogger<Ingestor> logger)
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _stopWithin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _memoryInterval = TimeSpan.FromSeconds(1);

    private readonly EventParser _parser = new(limits);
    private SeenEvents _seen = new(0);
    private ShardIngest[] _shards = [];
    private PositionFilter _filter = new();
    private long? _position;
    private long _lastMemoryCheck;

    /// <summary>Runs until the source has ended or the token is cancelled; then everything received is in the log.</summary>
    /// <exception cref="LogException">The log belongs to another source or another program.</exception>
    /// <exception cref="SourceException">The source cannot be read.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = _firstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            var acknowledged = stats.Acknowledged;
            try
            {
                if (await RunFromTailAsync(cancellationToken)) return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is AppendFailedException or RedisException or RedisCommandException or TimeoutException)
            {
                if (stats.Acknowledged > acknowledged) retry = _firstRetry;
                logger.LogWarning("Redis does not take batches: {Error} Reading the log's tail again in {Delay}.", e.Message, retry);
                await Task.Delay(retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < _longestRetry ? retry * 2 : _longestRetry;
                stats.CountRecovery();
            }
        }
    }

    /// <summary>Opens the log and reads the source until it ends; true when it did.</summary>
    private async Task<bool> RunFromTailAsync(CancellationToken cancellationToken)
    {
        _shards = await OpenAsync();
        try
        {
            (_position, _filter) = (_shards.Select(KnownPosition).Min(), new PositionFilter());
            _seen = await ReadSeenAsync(cancellationToken);
            var received = stats.Received;
            var resume = FirstResume();
            do
            {
                stats.CountSession();
                await ReadSessionAsync(resume, cancellationToken);
                resume = Position()?.Value - source.Rewind;
            }
            while (source.IsLive && !cancellationToken.IsCancellationRequested);

            // A finished source that is opened again has nothing to add, not even another end.
            var isNews = stats.Received > received || !_shards.All(s => s.Tail.IsEnd);
            if (isNews && !cancellationToken.IsCancellationRequested) await EndAsync();
            await CompleteAsync();
            return !cancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await FinishInHandAsync();
            throw;
        }
        finally
        {
            foreach (var shard in _shards) await shard.DisposeAsync();
        }
    }

    private async Task<ShardIngest[]> OpenAsync()
    {
        var shards = new ShardIngest[logs.Count];
        for (var i = 0; i < shards.Length; i++)
        {
            var tail = await logs[i].ReadTailAsync();
            if (tail.Position is { } position && position.Source != source.Name && !tail.IsEnd)
            {
                throw new LogException(
                    $"Log {logs[i].Keys.Name} was fed by {position.Source} up to {position.Value}; it cannot go on with {source.Name}. " +
                    "Use the same source, or give this one a log of its own (--log NAME).");
            }

            if (tail.Missing > 0)
            {
                logger.LogError(
                    "Log {Log} lost its stream with {Missing} records that were not in the lake yet. Fetching again from {Position}.",
                    logs[i].Keys.Name, tail.Missing, tail.Position?.ToString() ?? "the source's beginning");
            }

            shards[i] = new ShardIngest(logs[i], tail, options, time);
            shards[i].Appender.Acknowledged += entry => stats.CountAcknowledged(entry.Count);
        }

        return shards;
    }

    /// <summary>The earliest of the shards' positions; where positions are exact, a shard without one needs the source from its beginning.</summary>
    private long? FirstResume() =>
        source.Rewind == 0 && _shards.Any(s => KnownPosition(s) is null) ? null : _position - source.Rewind;

    private long? KnownPosition(ShardIngest shard) =>
        shard.Tail.Position is { } position && position.Source == source.Name ? position.Value : null;

    private async Task<SeenEvents> ReadSeenAsync(CancellationToken cancellationToken)
    {
        var seen = new SeenEvents((long)options.LookBack.TotalSeconds);
        using var decompressor = new Decompressor();
        for (var i = 0; i < _shards.Length; i++)
        {
            if (_shards[i].Tail is not { Last: { } last, StreamExists: true }) continue;
            var end = Math.Min(last.Ms, _shards[i].Tail.Position?.TimeMs ?? long.MaxValue);
            var from = Math.Max(0, end - (long)options.LookBack.TotalMilliseconds);
            await foreach (var entry in logs[i].ReadAsync(new LogEntryId(from, 0), last, 64, cancellationToken)) Remember(entry, seen, decompressor);
        }

        return seen;
    }

    private void Remember(LogEntry entry, SeenEvents seen, Decompressor decompressor)
    {
        try
        {
            foreach (var record in RecordBatch.Decode(decompressor, entry.Frame.Span, entry.Count))
            {
                if (record.Reason is not null) continue;
                var envelope = _parser.Parse(record.Bytes.Span);
                if (envelope.Kind == EventKind.Archived) seen.Add(EventIdentity.Of(envelope), entry.Id.Second);
            }
        }
        catch (CorruptBatchException e)
        {
            logger.LogError("Entry {Entry} is damaged and cannot help to recognise repeated events: {Error}", entry.Id, e.Message);
        }
    }

    private async Task ReadSessionAsync(long? resume, CancellationToken cancellationToken)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var messages = source.ReadAsync(resume, session.Token).GetAsyncEnumerator(session.Token);
        var waiting = Task.CompletedTask;
        try
        {
            for (var connected = false; ; connected = true)
            {
                var next = messages.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    var arrival = next.AsTask();
                    waiting = arrival;
                    await WaitAsync(arrival, connected, cancellationToken);
                    if (!await arrival) break;
                }
                else if (!await next)
                {
                    break;
                }

                Accept(messages.Current);
                await SendAsync(cancellationToken);
                if (time.GetElapsedTime(_lastMemoryCheck) >= _memoryInterval) await HoldWhileFullAsync(cancellationToken);
            }
        }
        finally
        {
            // A source must not be closed while it is still asked for a message.
            await session.CancelAsync();
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await FlushAsync(cancellationToken);
    }

    /// <summary>Waits for the source, and meanwhile appends what has waited long enough.</summary>
    private async Task WaitAsync(Task next, bool connected, CancellationToken cancellationToken)
    {
        while (!next.IsCompleted)
        {
            var due = _shards.Min(s => s.Open.IsEmpty && !(connected && source.IsLive && s.HasEntries) ? options.Heartbeat : s.DueIn);
            using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(next, Task.Delay(due > TimeSpan.FromMilliseconds(1) ? due : TimeSpan.FromMilliseconds(1), time, delay.Token));
            await delay.CancelAsync();
            foreach (var shard in _shards)
            {
                if (shard.IsDue) shard.Seal(Position());
                else if (connected && source.IsLive && shard.IsHeartbeatDue) shard.Heartbeat(Position());
            }

            await SendAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Takes one message, and seals the batches that it completes.</summary>
    private void Accept(SourceMessage message)
    {
        stats.CountReceived();
        var now = time.GetTimestamp();
        var bytes = message.Bytes.Span;
        var envelope = message.Length > bytes.Length
            ? new EventEnvelope { Kind = EventKind.Rejected, Reason = RejectReason.Oversized }
            : _parser.Parse(bytes);
        var shard = envelope.Did.IsEmpty ? _shards[0] : ShardOf(envelope.Did);
        if (message.Position <= KnownPosition(shard))
        {
            // Another shard is further behind: this one has the message.
            _position = message.Position;
            return;
        }

        if (envelope.Kind == EventKind.Archived && IsOutOfRange(envelope.TimeUs))
        {
            (envelope.Kind, envelope.Reason) = (EventKind.Rejected, RejectReason.TimeOutOfRange);
        }

        if (envelope.Kind == EventKind.Archived)
        {
            AcceptEvent(shard, message, envelope, now);
        }
        else
        {
            _position = message.Position ?? _position;
            if (envelope.Kind == EventKind.Rejected) Reject(shard, message, envelope.Reason, now);
            else Skip(shard, LogCounters.Skipped(envelope.Kind), now);
        }

        if (shard.IsFull || shard.IsDue) shard.Seal(Position());
    }

    private void AcceptEvent(ShardIngest shard, SourceMessage message, in EventEnvelope envelope, long now)
    {
        var timeMs = envelope.TimeUs / 1000;
        if (shard.MustSealFor(timeMs)) shard.Seal(Position());

        if (message.Position is null) _filter.Add(envelope.TimeUs);
        _position = message.Position ?? _position;
        foreach (var other in _shards)
        {
            if (other != shard && !other.HasEntries) other.Begin(timeMs, Position());
        }

        if (!_seen.Add(EventIdentity.Of(envelope), Math.Min(Math.Max(timeMs, shard.LogMs), Position()?.TimeMs ?? long.MaxValue) / 1000))
        {
            stats.CountDuplicate();
            shard.Open.CountOnly(LogCounters.SkippedDuplicate, now);
            return;
        }

        stats.CountAppended(envelope.Type, envelope.TimeUs);
        shard.Open.AddEvent(message.Bytes.Span, timeMs, LogCounters.Appended(envelope.Type), now);
    }

    private void Reject(ShardIngest shard, SourceMessage message, RejectReason reason, long now)
    {
        // Oversized messages come cut to the limit from some sources and whole from others.
        var kept = message.Bytes.Span[..Math.Min(message.Bytes.Length, limits.MaxBytes)];
        stats.CountRejected();
        shard.Open.AddRejected(kept, reason, message.Length, LogCounters.Rejected(reason), now);
    }

    private void Skip(ShardIngest shard, string counter, long now)
    {
        stats.CountSkipped();
        shard.Open.CountOnly(counter, now);
    }

    private bool IsOutOfRange(long timeUs)
    {
        var newest = Math.Max(_shards.Max(s => s.LogMs), time.GetUtcNow().ToUnixTimeMilliseconds());
        return timeUs < EventLimits.MinTimeUs || timeUs / 1000 > newest + (long)limits.MaxAhead.TotalMilliseconds;
    }

    private ShardIngest ShardOf(ReadOnlySpan<byte> did) =>
        _shards.Length == 1 ? _shards[0] : _shards[XxHash32.HashToUInt32(did) % (uint)_shards.Length];

    private SourcePosition? Position() => (_filter.Position ?? _position) is { } value ? new SourcePosition(source.Name, value) : null;

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in _shards)
        {
            if (shard.HasSealed) await shard.SendAsync(cancellationToken);
        }
    }

    private ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in _shards) shard.Seal(Position());
        return SendAsync(cancellationToken);
    }

    private async Task EndAsync()
    {
        foreach (var shard in _shards) shard.Seal(Position(), isEnd: true);
        await SendAsync(CancellationToken.None);
        logger.LogInformation("Source {Source} has ended after {Received} messages.", source.Name, stats.Received);
    }

    private async Task CompleteAsync()
    {
        foreach (var shard in _shards) await shard.Appender.CompleteAsync();
    }

    /// <summary>What was received before the stop goes into the log, unless Redis does not answer in time.</summary>
    private async Task FinishInHandAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(_stopWithin, time);
            await FlushAsync(limit.Token);
            await CompleteAsync().WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is AppendFailedException or OperationCanceledException)
        {
            logger.LogWarning("Stopped before Redis took the last batch ({Error}). The source sends it again at the next start.", e.Message);
        }
    }

    private async Task HoldWhileFullAsync(CancellationToken cancellationToken)
    {
        _lastMemoryCheck = time.GetTimestamp();
        var (used, max) = await memory.ReadAsync();
        if (max == 0 || used < options.HighWater * max) return;

        await FlushAsync(cancellationToken);
        logger.LogWarning(
            "Redis holds {Used:N0} of {Max:N0} bytes. Reading pauses until the writer has brought it below {LowWater:P0}.",
            used, max, options.LowWater);
        while (max > 0 && used >= options.LowWater * max)
        {
            await Task.Delay(_memoryInterval / 2, time, cancellationToken);

            // The open window may be what fills Redis: log time has to go on, or it never closes.
            foreach (var shard in _shards)
            {
                if (shard.IsHeartbeatDue) shard.Heartbeat(Position());
            }

            await SendAsync(cancellationToken);
            (used, max) = await memory.ReadAsync();
        }

        logger.LogInformation("Redis holds {Used:N0} of {Max:N0} bytes. Reading goes on.", used, max);
    }
}
