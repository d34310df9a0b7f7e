namespace Pipeline.Monitoring;

/// <summary>The steps of a compaction, in order. Whatever happens between two of them, every row is in the lake once.</summary>
internal static class CompactionStep
{
    public const string Merged = "compaction-merged";
    public const string Ready = "compaction-ready";
    public const string Exchanged = "compaction-exchanged";
    public const string Removed = "compaction-removed";
}
