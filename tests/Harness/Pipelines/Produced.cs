namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>What a source produced, by the test's own record.</summary>
/// <param name="Events">Every event that belongs into the lake.</param>
public sealed record Produced(SentLedger Events)
{
    /// <summary>The messages that belong into the table of rejected ones, repeated ones once.</summary>
    public IReadOnlyCollection<RejectedMessage> Rejected { get; init; } = [];

    /// <summary>Every message, of whatever kind, when the source's positions are exact, so that the counters have to add up to it; null otherwise.</summary>
    public long? Messages { get; init; }

    /// <summary>Batches that were damaged in Redis: their events are not in the lake, their bytes are.</summary>
    public IReadOnlyCollection<DamagedBatch> Damaged { get; init; } = [];

    /// <summary>True when what was counted as lost was all fetched again, so that nothing may be missing.</summary>
    public bool Healed { get; init; }

    /// <summary>True when the counters were lost with the rest of Redis, so that they cannot add up.</summary>
    public bool CountersLost { get; init; }
}
