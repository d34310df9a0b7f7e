using System.Text.Json;
using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>The manifests of a log's last windows, beside the lake they describe.</summary>
internal sealed class CommitJournal(LakeLayout layout, LogKeys keys, TimeProvider time)
{
    private const int Kept = 16;
    private static readonly TimeSpan _keptFor = TimeSpan.FromHours(1);

    private readonly string _folder = Path.Combine(layout.Commits, keys.Name.Replace(':', '-'));

    /// <summary>
    /// The newest manifest whose files are all in their places; null when this log never wrote to this lake. A later one was written, and then its
    /// writer died: its window is not in the lake.
    /// </summary>
    public CommitManifest? ReadLastComplete() =>
        Names().AsEnumerable().Reverse().Select(Read).FirstOrDefault(m => m is not null && m.Files.All(f => File.Exists(layout.Full(f))));

    /// <summary>True when this log never wrote to this lake.</summary>
    public bool IsEmpty => Names().Count == 0;

    /// <summary>The manifests of windows that start in the span, oldest first.</summary>
    public IEnumerable<CommitManifest> ReadBetween(long fromMs, long toMs)
    {
        foreach (var name in Names())
        {
            if (Read(name) is { } manifest && manifest.WindowStartMs >= fromMs && manifest.WindowStartMs < toMs) yield return manifest;
        }
    }

    public void Write(CommitManifest manifest)
    {
        DurableFile.CreateDirectory(_folder);
        DurableFile.WriteAllBytes(PathOf(manifest), JsonSerializer.SerializeToUtf8Bytes(manifest, CommitManifestJson.Default.CommitManifest));
    }

    /// <summary>Forgets the manifests of windows that the one just committed took in, and those too old for a log to fall back behind them.</summary>
    public void Prune(CommitManifest committed, long replacedFromMs)
    {
        var names = Names();
        foreach (var name in names)
        {
            if (Read(name) is { } old && old.WindowStartMs >= replacedFromMs && old.WindowStartMs < committed.WindowStartMs) File.Delete(name);
        }

        foreach (var name in names.SkipLast(Kept).Concat(Directory.EnumerateFiles(_folder, "*.tmp")))
        {
            if (File.Exists(name) && time.GetUtcNow() - File.GetLastWriteTimeUtc(name) > _keptFor) File.Delete(name);
        }
    }

    private string PathOf(CommitManifest manifest) =>
        Path.Combine(_folder, new TimeWindow(manifest.WindowStartMs, manifest.WindowEndMs).Name + ".json");

    private List<string> Names() =>
        Directory.Exists(_folder) ? [.. Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal)] : [];

    private static CommitManifest? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CommitManifestJson.Default.CommitManifest)
                ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another writer has just forgotten it.
            return null;
        }
        catch (JsonException e)
        {
            throw new LakeException($"'{path}' is not a commit manifest ({e.Message}). Something else wrote it: move it away, and run `pipeline verify`.");
        }
    }
}
