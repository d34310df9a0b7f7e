using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving;

/// <summary>
/// A window that is written again although later ones were begun: Redis forgot commits. As far as the manifests go they say what is replaced; beyond,
/// the files that are there say what would be doubled.
/// </summary>
internal static class OlderWindow
{
    /// <summary>What of a window's files is not in a compacted one.</summary>
    /// <param name="known">Files that manifests name, and that this window replaces.</param>
    /// <exception cref="LakeException">The lake has something else of the window's time.</exception>
    public static async Task<IReadOnlyList<StagedFile>> LeaveOutAsync(LakeLayout layout, StagedWindow staged, IReadOnlyCollection<string> known)
    {
        var left = new List<StagedFile>();
        foreach (var file in staged.Files)
        {
            if (!await IsThereAsync(layout, staged.Window, file, known)) left.Add(file);
        }

        return left;
    }

    private static async Task<bool> IsThereAsync(LakeLayout layout, TimeWindow window, StagedFile file, IReadOnlyCollection<string> known)
    {
        var folder = Path.GetDirectoryName(layout.Full(file.Name.RelativePath))!;
        if (!Directory.Exists(folder)) return false;
        foreach (var other in LakeFiles.In(layout, folder))
        {
            var (name, relative) = (other.Name, other.RelativePath);
            if (name.Shard != file.Name.Shard || name == file.Name || known.Contains(relative)) continue;
            if (window.StartMs > name.EndWindowMs || window.EndMs <= name.WindowMs) continue;
            if (name.LastWindowMs is null) throw Otherwise(layout, window, relative, "is a part of its time");
            var rows = await RowsAsync(other, window);
            if (rows == file.Rows) return true;
            throw Otherwise(layout, window, relative, $"into which its time was compacted, has {(rows is null ? "no such window" : $"{rows:N0} rows of it, not {file.Rows:N0}")}");
        }

        return false;
    }

    private static LakeException Otherwise(LakeLayout layout, TimeWindow window, string path, string why) => new(
        $"Window {window} of lake '{layout.Root}' is written again, and '{path}' {why}. Nothing was changed. " +
        "If --window was another then, give it as it was; otherwise run `pipeline verify`, and see docs/operations.md, \"Redis came back from an older copy\".");

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
