namespace Pipeline.Monitoring;

/// <summary>What a log looked like in Redis at one moment, all its shards together.</summary>
/// <param name="Taken">When.</param>
/// <param name="Events">Records that are not in the lake yet.</param>
/// <param name="Entries">Entries of the streams, with the look-back that stays behind what is written; null where Redis does not let its user ask.</param>
/// <param name="Bytes">Memory of the streams; null where Redis does not let its user ask.</param>
/// <param name="OldestUnwrittenMs">Log time of the oldest event that is not in the lake, in ms since the Unix epoch; null when nothing waits.</param>
/// <param name="LastEntryMs">Log time that the newest entry has reached; null when there is none.</param>
/// <param name="CommittedMs">Log time up to which the lake is complete; null before the first commit of a shard.</param>
/// <param name="MemoryUsed">Memory of the fullest of the servers, in bytes.</param>
/// <param name="MemoryMax">Its limit; 0 for none.</param>
/// <param name="BallastKeys">Ballast keys that are there; null where Redis does not let its user ask.</param>
/// <param name="BallastExpected">Ballast keys that were laid.</param>
public sealed record BufferReading(
    DateTimeOffset Taken,
    long Events,
    long? Entries,
    long? Bytes,
    long? OldestUnwrittenMs,
    long? LastEntryMs,
    long? CommittedMs,
    long MemoryUsed,
    long MemoryMax,
    long? BallastKeys,
    long BallastExpected)
{
    /// <summary>False where Redis does not let its user ask everything.</summary>
    public bool IsWhole => Entries is not null && Bytes is not null && BallastKeys is not null;

    /// <summary>Share of the limit that is in use; 0 when there is no limit.</summary>
    public double MemoryUtilization => MemoryMax > 0 ? (double)MemoryUsed / MemoryMax : 0;
}
