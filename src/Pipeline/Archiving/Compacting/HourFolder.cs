using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Compacting;

/// <summary>The files of one hour and table, which lie in one folder.</summary>
/// <param name="Files">Sorted by shard and window.</param>
internal sealed record HourFolder(long Hour, string Table, string Path, IReadOnlyList<LakeFile> Files)
{
    /// <summary>True when a shard has more than one file there.</summary>
    public bool IsInPieces => Files.GroupBy(f => f.Name.Shard).Any(shard => shard.Skip(1).Any());

    public static IEnumerable<HourFolder> Of(IEnumerable<LakeFile> files) => files
        .GroupBy(f => (f.Name.Hour, f.Name.Table))
        .Select(folder => new HourFolder(
            folder.Key.Hour,
            folder.Key.Table,
            System.IO.Path.GetDirectoryName(folder.First().FullPath)!,
            [.. folder.OrderBy(f => f.Name.Shard).ThenBy(f => f.Name.WindowMs).ThenBy(f => f.Name.EndWindowMs)]));

    /// <summary>The folder as it is by now.</summary>
    public HourFolder Refresh(LakeLayout layout) => Of(LakeFiles.In(layout, Path)).SingleOrDefault() ?? this with { Files = [] };

    /// <summary>What tells whether a folder was changed: everything in it by name, with its size and time.</summary>
    /// <param name="path">Where the folder is by now.</param>
    public static IReadOnlyList<string> Look(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos().Select(e => $"{e.Name} {(e as FileInfo)?.Length} {e.LastWriteTimeUtc.Ticks}").Order(StringComparer.Ordinal)];
}
