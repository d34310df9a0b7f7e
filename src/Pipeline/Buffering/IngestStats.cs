using Pipeline.Events;

namespace Pipeline.Buffering;

/// <summary>What an ingestor has done since it started, for progress displays and metrics. Safe to read from any thread.</summary>
public sealed class IngestStats
{
    private readonly long[] _appended = new long[EventTypes.All.Count];
    private readonly long[] _rejected = new long[RejectReasons.All.Max(r => (int)r) + 1];
    private long _received;
    private long _skipped;
    private long _duplicates;
    private long _acknowledged;
    private long _batches;
    private long _sessions;
    private long _recoveries;
    private long _forgotten;
    private long _gapMs;
    private long _ballastEvicted;
    private long _holding;
    private long _pauses;
    private long _reading;
    private long _ended;
    private long _lastTimeUs;
    private long _lastArrival;

    /// <summary>Raised for every batch that Redis has acknowledged, in order, shard by shard.</summary>
    public event Action<AppendedBatch>? BatchAppended;

    /// <summary>Messages taken from the source.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Records that Redis has acknowledged, rejected ones included.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Batches that Redis has acknowledged, empty ones included.</summary>
    public long Batches => Volatile.Read(ref _batches);

    public long Rejected => RejectReasons.All.Sum(RejectedFor);

    /// <summary>Identity and account events and other collections.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Events that the log already held.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Times that the source was opened.</summary>
    public long Sessions => Volatile.Read(ref _sessions);

    /// <summary>Times that the log's tail was read again after a failure.</summary>
    public long Recoveries => Volatile.Read(ref _recoveries);

    /// <summary>Records that Redis had acknowledged and forgot.</summary>
    public long Forgotten => Volatile.Read(ref _forgotten);

    /// <summary>Source time that was asked for and not given.</summary>
    public TimeSpan Gap => TimeSpan.FromMilliseconds(Volatile.Read(ref _gapMs));

    /// <summary>Ballast keys that Redis evicted.</summary>
    public long BallastEvicted => Volatile.Read(ref _ballastEvicted);

    /// <summary>True while reading pauses because Redis is full.</summary>
    public bool IsHolding => Volatile.Read(ref _holding) != 0;

    /// <summary>Times that reading paused because Redis was full.</summary>
    public long Pauses => Volatile.Read(ref _pauses);

    /// <summary>True while a session of the source is open.</summary>
    public bool IsReading => Volatile.Read(ref _reading) != 0;

    /// <summary>True when the source has ended and the log has its last event.</summary>
    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>When the last message was taken (<see cref="TimeProvider.GetTimestamp"/>); 0 before the first.</summary>
    public long LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>The last event's <c>time_us</c>.</summary>
    public long LastTimeUs => Volatile.Read(ref _lastTimeUs);

    public long Appended(EventType type) => Volatile.Read(ref _appended[(int)type]);

    public long RejectedFor(RejectReason reason) => Volatile.Read(ref _rejected[(int)reason]);

    /// <param name="now">The moment (<see cref="TimeProvider.GetTimestamp"/>).</param>
    internal void CountReceived(long now)
    {
        Interlocked.Increment(ref _received);
        Volatile.Write(ref _lastArrival, now);
    }

    internal void CountAppended(EventType type, long timeUs)
    {
        Interlocked.Increment(ref _appended[(int)type]);
        Volatile.Write(ref _lastTimeUs, timeUs);
    }

    internal void CountRejected(RejectReason reason) => Interlocked.Increment(ref _rejected[(int)reason]);

    internal void CountSkipped() => Interlocked.Increment(ref _skipped);

    internal void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    internal void CountAcknowledged(AppendedBatch batch)
    {
        Interlocked.Add(ref _acknowledged, batch.Records);
        Interlocked.Increment(ref _batches);
        BatchAppended?.Invoke(batch);
    }

    internal void CountSession() => Interlocked.Increment(ref _sessions);

    internal void CountForgotten(long records) => Interlocked.Add(ref _forgotten, records);

    internal void CountGap(TimeSpan gap) => Interlocked.Add(ref _gapMs, (long)gap.TotalMilliseconds);

    internal void CountBallastEvicted(long keys) => Interlocked.Add(ref _ballastEvicted, keys);

    internal void SetHolding(bool holding)
    {
        if (holding) Interlocked.Increment(ref _pauses);
        Volatile.Write(ref _holding, holding ? 1 : 0);
    }

    internal void SetReading(bool reading) => Volatile.Write(ref _reading, reading ? 1 : 0);

    internal void SetEnded() => Volatile.Write(ref _ended, 1);

    internal void CountRecovery() => Interlocked.Increment(ref _recoveries);
}
