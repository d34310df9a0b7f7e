using Pipeline.Events;

namespace Pipeline.Buffering;

/// <summary>What an ingestor has done since it started, for progress displays and metrics. Safe to read from any thread.</summary>
public sealed class IngestStats
{
    private readonly long[] _appended = new long[EventTypes.All.Count];
    private long _received;
    private long _rejected;
    private long _skipped;
    private long _duplicates;
    private long _acknowledged;
    private long _sessions;
    private long _recoveries;
    private long _forgotten;
    private long _gapMs;
    private long _ballastEvicted;
    private long _holding;
    private long _lastTimeUs;

    /// <summary>Raised when Redis has acknowledged a batch, with the number of its records; in order, shard by shard.</summary>
    public event Action<int>? RecordsAcknowledged;

    /// <summary>Messages taken from the source.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Records that Redis has acknowledged, rejected ones included.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public long Rejected => Volatile.Read(ref _rejected);

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

    /// <summary>The last event's <c>time_us</c>.</summary>
    public long LastTimeUs => Volatile.Read(ref _lastTimeUs);

    public long Appended(EventType type) => Volatile.Read(ref _appended[(int)type]);

    internal void CountReceived() => Interlocked.Increment(ref _received);

    internal void CountAppended(EventType type, long timeUs)
    {
        Interlocked.Increment(ref _appended[(int)type]);
        Volatile.Write(ref _lastTimeUs, timeUs);
    }

    internal void CountRejected() => Interlocked.Increment(ref _rejected);

    internal void CountSkipped() => Interlocked.Increment(ref _skipped);

    internal void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    internal void CountAcknowledged(int records)
    {
        Interlocked.Add(ref _acknowledged, records);
        RecordsAcknowledged?.Invoke(records);
    }

    internal void CountSession() => Interlocked.Increment(ref _sessions);

    internal void CountForgotten(long records) => Interlocked.Add(ref _forgotten, records);

    internal void CountGap(TimeSpan gap) => Interlocked.Add(ref _gapMs, (long)gap.TotalMilliseconds);

    internal void CountBallastEvicted(long keys) => Interlocked.Add(ref _ballastEvicted, keys);

    internal void SetHolding(bool holding) => Volatile.Write(ref _holding, holding ? 1 : 0);

    internal void CountRecovery() => Interlocked.Increment(ref _recoveries);
}
