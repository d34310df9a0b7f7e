namespace Pipeline.Archiving.Verifying;

/// <summary>Findings: all are counted, the first are kept. Safe for concurrent use.</summary>
internal sealed class FindingList(int kept)
{
    private readonly List<LakeFinding> _findings = [];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds a finding; its text is only made up when there is room for it.</summary>
    public void Add(LakeFindingKind kind, string path, Func<string> message)
    {
        Interlocked.Increment(ref _count);
        lock (_findings)
        {
            if (_findings.Count < kept) _findings.Add(new LakeFinding(kind, path, message()));
        }
    }

    public void Add(LakeFinding finding) => Add(finding.Kind, finding.Path, () => finding.Message);

    public IReadOnlyList<LakeFinding> ByPath()
    {
        lock (_findings)
        {
            return [.. _findings.OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Kind).ThenBy(f => f.Message, StringComparer.Ordinal)];
        }
    }
}
