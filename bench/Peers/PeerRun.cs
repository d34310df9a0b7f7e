namespace Pipeline.Bench.Peers;

/// <summary>One way, once.</summary>
/// <param name="RedisBytes">What the events took in Redis between the halves; 0 where there is no Redis.</param>
/// <param name="PeakBytes">The most memory that this process took beyond what it had before, the events included; null where the system does not say.</param>
internal sealed record PeerRun(TimeSpan Buffering, TimeSpan Writing, long RedisBytes, long ParquetBytes, long? PeakBytes)
{
    public double Seconds => (Buffering + Writing).TotalSeconds;
}
