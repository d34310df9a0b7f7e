namespace Pipeline.Buffering;

/// <summary>One shard as the ingestor sees it: the batch that is being filled, and the log time that it has reached.</summary>
/// <param name="isLive">True when log time goes on while the source sends no event.</param>
internal sealed class ShardIngest(RedisLog log, LogTail tail, bool isLive, LogOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly Queue<SealedBatch> _sealed = new();
    private readonly BatchAppender _appender = new(log, tail, options, time);
    private long _lastMs = tail.ReachedMs;
    private long _lastSealed = time.GetTimestamp();
    private long _lastAdvanced = time.GetTimestamp();

    public LogTail Tail => tail;

    public BatchAppender Appender => _appender;

    /// <summary>The batch that is being filled.</summary>
    public BatchBuilder Open { get; } = new();

    /// <summary>False until the shard has an entry, which tells where the source began.</summary>
    public bool HasEntries { get; private set; } = tail.Last is not null;

    /// <summary>True when the last entry says that the source has ended.</summary>
    public bool EndsWithEnd { get; private set; } = tail.IsEnd;

    /// <summary>After a loss, where the log had ended; what is older is fetched again. In ms since the Unix epoch; 0 when nothing was lost.</summary>
    public long LostUntilMs { get; } = tail.Missing > 0 ? tail.Last?.Ms ?? 0 : 0;

    public bool HasSealed => _sealed.Count > 0;

    /// <summary>The log's time, in ms since the Unix epoch: that of its newest batch, open or sealed.</summary>
    public long LogMs => Math.Max(_lastMs, Open.FirstMs ?? 0);

    /// <summary>True when an event of this time may not join the open batch: a batch never spans two seconds, so no window splits one.</summary>
    public bool MustSealFor(long timeMs) => Open.FirstMs is not null && timeMs / 1000 > LogMs / 1000;

    public bool IsFull => Open.Count >= options.BatchEvents || Open.Bytes >= options.BatchBytes || (options.Linger == TimeSpan.Zero && Open.Count > 0);

    /// <param name="now">The moment (<see cref="TimeProvider.GetTimestamp"/>): asked for every message, for each of which the caller knows it.</param>
    public bool IsDueAt(long now) => !Open.IsEmpty && time.GetElapsedTime(Open.Started, now) >= options.Linger;

    public bool IsHeartbeatDue => HasEntries && Open.IsEmpty && time.GetElapsedTime(_lastSealed) >= options.Heartbeat;

    /// <summary>How long until the open batch, or else the heartbeat, is due.</summary>
    public TimeSpan DueIn => Open.IsEmpty
        ? options.Heartbeat - time.GetElapsedTime(_lastSealed)
        : options.Linger - time.GetElapsedTime(Open.Started);

    /// <summary>
    /// Closes the open batch. One without a single valid time gets the log's own, or the clock's at the very beginning. Messages that are no events keep
    /// a live source from looking quiet, so from a heartbeat's length on log time goes on with them as it does with heartbeats.
    /// </summary>
    public void Seal(SourcePosition? position, bool isEnd = false)
    {
        if (Open.IsEmpty && !isEnd) return;
        var passed = isLive && time.GetElapsedTime(_lastAdvanced) is var elapsed && elapsed >= options.Heartbeat ? (long)elapsed.TotalMilliseconds : 0;
        Seal(Open.FirstMs ?? (_lastMs > 0 ? _lastMs + passed : time.GetUtcNow().ToUnixTimeMilliseconds()), position, isEnd);
    }

    /// <summary>
    /// Adds an empty batch, so that log time goes on while the source is quiet: by as much as has passed here, whatever the clock says.
    /// </summary>
    public void Heartbeat(SourcePosition? position) =>
        Seal(_lastMs + (long)time.GetElapsedTime(_lastSealed).TotalMilliseconds, position, isEnd: false);

    /// <summary>Adds an empty batch that says where the source began, so that a shard without events can be resumed.</summary>
    public void Begin(long ms, SourcePosition? position) => Seal(ms, position, isEnd: false);

    /// <summary>Hands the sealed batches to the appender.</summary>
    /// <exception cref="AppendFailedException">Redis did not take one.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        while (_sealed.TryPeek(out var batch))
        {
            await _appender.AppendAsync(batch, cancellationToken);
            _sealed.Dequeue();
        }
    }

    public ValueTask DisposeAsync() => _appender.DisposeAsync();

    private void Seal(long ms, SourcePosition? position, bool isEnd)
    {
        if (position is { } p && tail.Position is { } known && known.Source == p.Source && known.Value > p.Value)
        {
            // Another shard is further behind: what lies before is in this one.
            position = known;
        }

        // By the source's position where it is a time: log time goes on while reading pauses.
        var reached = position?.TimeMs ?? LogMs;
        var mayRepeat = tail.LookBackLost && reached < tail.ReachedMs + options.LookBack.TotalMilliseconds;
        _sealed.Enqueue(new SealedBatch(Open.Records.Span, Open.Count, Open.Counters, ms) { Position = position, IsEnd = isEnd, MayRepeat = mayRepeat });
        Open.Clear();
        _lastSealed = time.GetTimestamp();
        if (ms > _lastMs) (_lastMs, _lastAdvanced) = (ms, _lastSealed);
        HasEntries = true;
        EndsWithEnd = isEnd;
    }
}
