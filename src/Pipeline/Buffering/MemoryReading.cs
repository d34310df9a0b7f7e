namespace Pipeline.Buffering;

/// <summary>How full Redis is.</summary>
/// <param name="Used">Memory in use, in bytes.</param>
/// <param name="Max">Its limit, in bytes; 0 for none.</param>
/// <param name="Policy">What Redis does at the limit, such as <c>allkeys-lru</c>; empty when it does not say.</param>
public readonly record struct MemoryReading(long Used, long Max, string Policy)
{
    /// <summary>True when more than this share of the limit is in use.</summary>
    public bool IsAbove(double share) => Max > 0 && Used >= share * Max;

    /// <summary>True when Redis makes room by deleting keys, whichever they are.</summary>
    public bool EvictsAnyKey => Max > 0 && Policy.StartsWith("allkeys-", StringComparison.Ordinal);
}
