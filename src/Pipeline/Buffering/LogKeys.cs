using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>The Redis keys of one shard of a log. The hash tag keeps them in one slot of a Redis Cluster.</summary>
public sealed record LogKeys
{
    public LogKeys(string log, int shard)
    {
        Name = $"{log}:{shard}";
        Stream = $"{{{Name}}}:log";
        State = $"{{{Name}}}:state";
        Lease = $"{{{Name}}}:lease";
    }

    /// <summary>What messages and manifests call this shard: <c>log:shard</c>.</summary>
    public string Name { get; }

    /// <summary>The stream of record batches.</summary>
    public RedisKey Stream { get; }

    /// <summary>A hash: the log's id, its end, what is committed, and the counters (<see cref="LogState"/>).</summary>
    public RedisKey State { get; }

    /// <summary>Held by the writer at work.</summary>
    public RedisKey Lease { get; }

    /// <summary>A key that is there to be evicted first.</summary>
    public RedisKey Ballast(int number) => $"{{{Name}}}:ballast:{number}";
}
