namespace Pipeline.Buffering;

/// <summary>How the log is laid out in Redis and how batches are cut.</summary>
public sealed record LogOptions
{
    /// <summary>The log's name, part of its Redis keys. Default <c>bluesky</c>.</summary>
    public string Name { get; init; } = "bluesky";

    /// <summary>How many streams share the events, by hash of the DID. Default 1; more only for a Redis Cluster. Cannot change later.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>A batch closes at this many events. Default 128: beyond, memory per event hardly falls (docs/performance.md).</summary>
    public int BatchEvents { get; init; } = 128;

    /// <summary>A batch closes at this many bytes of JSON. Default 256 KiB; a larger event has a batch of its own.</summary>
    public int BatchBytes { get; init; } = 256 * 1024;

    /// <summary>Longest that an event waits for its batch to fill. Default 200 ms; 0 = every event its own entry.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A live source that stays quiet gets an empty batch this often, so that windows close. Default 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much log time stays in the stream behind its end, committed or not, to recognise what a source sends again. Default 60 s.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many batches may be on their way to Redis unacknowledged. Default 32.</summary>
    public int MaxInFlight { get; init; } = 32;

    /// <summary>Redis memory, as a share of maxmemory, above which the ingestor stops reading. Default 0.75.</summary>
    public double HighWater { get; init; } = 0.75;

    /// <summary>Redis memory, as a share of maxmemory, below which the ingestor goes on. Default 0.65.</summary>
    public double LowWater { get; init; } = 0.65;

    /// <summary>
    /// Share of Redis' maxmemory that ballast keys take, which <c>allkeys-lru</c> evicts before the stream; 0 for none. Default 0.02. Laid only
    /// where Redis evicts keys of any kind.
    /// </summary>
    public double Ballast { get; init; } = 0.02;
}
