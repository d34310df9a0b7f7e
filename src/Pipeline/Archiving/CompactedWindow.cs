using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving;

/// <summary>A window that is written again although its files are compacted already: Redis forgot a commit that is longer ago than the manifests go.</summary>
internal static class CompactedWindow
{
    /// <summary>What of a window's files is not in a compacted one.</summary>
    /// <exception cref="LakeException">A compacted file has something else of the window's time.</exception>
    public static async Task<IReadOnlyList<StagedFile>> LeaveOutAsync(LakeLayout layout, StagedWindow staged)
    {
        var left = new List<StagedFile>();
        foreach (var file in staged.Files)
        {
            if (!await IsInAsync(layout, staged.Window, file)) left.Add(file);
        }

        return left;
    }

    private static async Task<bool> IsInAsync(LakeLayout layout, TimeWindow window, StagedFile file)
    {
        var folder = Path.GetDirectoryName(layout.Full(file.Name.RelativePath))!;
        if (!Directory.Exists(folder)) return false;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var relative = Path.GetRelativePath(layout.Root, path).Replace('\\', '/');
            if (LakeFileName.Parse(relative) is not { LastWindowMs: { } last } name || name.Shard != file.Name.Shard) continue;
            if (window.StartMs > last || window.EndMs <= name.WindowMs) continue;
            var rows = await RowsAsync(new LakeFile(name, relative, path, 0), window);
            if (rows == file.Rows) return true;
            throw new LakeException(
                $"Window {window} of lake '{layout.Root}' is written again, and '{relative}', into which its time was compacted, has {(rows is null ? "no such window" : $"{rows:N0} rows of it, not {file.Rows:N0}")}. " +
                "Nothing was changed. If --window was another then, give it as it was; otherwise run `pipeline verify`, and see docs/operations.md, \"Redis came back from an older copy\".");
        }

        return false;
    }

    private static async Task<long?> RowsAsync(LakeFile file, TimeWindow window)
    {
        try
        {
            await using var reader = await LakeFileReader.OpenAsync(file, CancellationToken.None);
            return reader.Windows?.Rows.TryGetValue(window.StartMs, out var rows) == true ? rows : null;
        }
        catch (UnsoundFileException e)
        {
            throw new LakeException($"'{file.RelativePath}', into which a window was compacted that is written again, is unsound: {e.Message}. Run `pipeline verify`.", e);
        }
    }
}
