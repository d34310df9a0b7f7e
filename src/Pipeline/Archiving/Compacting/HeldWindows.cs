namespace Pipeline.Archiving.Compacting;

/// <summary>
/// The windows that may have to be written again, or be looked into, for Redis may forget a commit: those with a manifest. Their files keep their names;
/// an hour is finished when every manifest is of a later one.
/// </summary>
internal sealed class HeldWindows
{
    private readonly HashSet<string> _files;
    private readonly long _oldestMs;

    private HeldWindows(HashSet<string> files, long oldestMs) => (_files, _oldestMs) = (files, oldestMs);

    /// <summary>The start of the first hour that is not finished.</summary>
    public DateTimeOffset Until => DateTimeOffset.FromUnixTimeSeconds(LakeFileName.HourOf(_oldestMs * 1000) * 3600);

    /// <exception cref="LakeException">The lake has no manifests.</exception>
    public static HeldWindows Read(LakeLayout layout, TimeProvider time)
    {
        var manifests = CommitJournal.ReadAll(layout, time).ToList();
        if (manifests.Count == 0)
        {
            throw new LakeException(
                $"Lake '{layout.Root}' has no commit manifests ({layout.Commits}), which say what is finished. Nothing was changed. " +
                "Compact the lake that the pipeline writes to, not a copy of its partitions alone.");
        }

        return new HeldWindows(
            manifests.SelectMany(m => m.Files.Concat(m.Stale)).ToHashSet(StringComparer.Ordinal),
            manifests.Min(m => m.WindowStartMs));
    }

    public bool Hold(HourFolder folder) =>
        (folder.Hour + 1) * 3_600_000 > _oldestMs || folder.Files.Any(f => _files.Contains(f.RelativePath));
}
