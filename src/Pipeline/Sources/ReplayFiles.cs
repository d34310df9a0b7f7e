namespace Pipeline.Sources;

/// <summary>Finds the files of a replay, in an order that does not depend on the file system.</summary>
internal static class ReplayFiles
{
    private static readonly string[] LineFormats = [".json", ".jsonl", ".ndjson"];
    private static readonly string[] Compressions = [".gz", ".zst"];

    private static readonly EnumerationOptions Recursive = new() { RecurseSubdirectories = true, IgnoreInaccessible = false };

    /// <exception cref="SourceException">There is nothing to read at <paramref name="path"/>.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new SourceException($"Cannot replay '{path}': no such file or folder. Check the path.");

        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(path, "*", Recursive).Where(IsMatch)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"Cannot list '{path}': {Sentence.Of(e)} Make the folder and everything below it readable.", e);
        }

        if (files.Length == 0)
            throw new SourceException($"Nothing to replay in '{path}': no *.json, *.jsonl or *.ndjson file, plain or with .gz or .zst, in it or below it.");

        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static bool IsMatch(string file)
    {
        var name = Path.GetFileName(file.AsSpan());
        foreach (var compression in Compressions)
        {
            if (name.EndsWith(compression, StringComparison.OrdinalIgnoreCase))
            {
                name = name[..^compression.Length];
                break;
            }
        }

        foreach (var format in LineFormats)
        {
            if (name.EndsWith(format, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
