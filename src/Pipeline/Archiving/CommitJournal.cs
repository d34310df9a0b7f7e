using System.Text.Json;
using Pipeline.Buffering;
using Pipeline.Events;

namespace Pipeline.Archiving;

/// <summary>The manifests of a log's last windows, beside the lake they describe.</summary>
internal sealed class CommitJournal(LakeLayout layout, LogKeys keys, TimeProvider time)
{
    private const int Kept = 16;
    private const int KeptEpochs = 64;
    private static readonly TimeSpan _keptFor = TimeSpan.FromHours(1);

    private readonly string _folder = Path.Combine(layout.Commits, keys.Name.Replace(':', '-'));

    /// <summary>
    /// The newest manifest whose files are all in their places; null when this log never wrote to this lake. A later one was written, and then its
    /// writer died: its window is not in the lake.
    /// </summary>
    /// <param name="logId">The log that it has to be of; null = any.</param>
    public CommitManifest? ReadLastComplete(string? logId = null) => NewestFirst(logId).FirstOrDefault(m => m.Files.All(IsThere));

    /// <summary>The newest manifest of a log with a file in its place, or without files.</summary>
    public CommitManifest? ReadLast(string logId) => NewestFirst(logId).FirstOrDefault(m => m.Files.Count == 0 || m.Files.Any(IsThere));

    /// <summary>
    /// True when the lake has a log's records up to an offset that Redis says are committed; a lake that was put back from an older copy has not.
    /// </summary>
    public bool Reaches(long offset, string? logId) =>
        // The manifest of that commit, or a later one that Redis has forgotten. One without its files may be of a writer under whose hands the lake was replaced.
        NewestFirst(logId).Any(m => m.ToOffset == offset || (m.ToOffset > offset && (m.Files.Count == 0 || m.Files.Any(IsThere))));

    /// <summary>Those who have appended to a log up to its last window, and to the next one.</summary>
    public IReadOnlyList<string> EpochsWith(string epoch, string logId)
    {
        var before = NewestFirst(logId).FirstOrDefault()?.Epochs ?? [];
        return [.. before.Where(e => e != epoch).TakeLast(KeptEpochs - 1), epoch];
    }

    /// <summary>True when this log never wrote to this lake.</summary>
    public bool IsEmpty => Names().Count == 0;

    /// <summary>True when a later window than this one was begun: then this one may be there, and longer ago than the manifests go.</summary>
    public bool IsBehind(TimeWindow window) =>
        Names() is [.., var newest] && string.CompareOrdinal(Path.GetFileNameWithoutExtension(newest), window.Name) > 0;

    /// <summary>The manifests of a lake, of all its shards, but for those too old for a log to fall back behind them.</summary>
    public static IEnumerable<CommitManifest> ReadAll(LakeLayout layout, TimeProvider time) =>
        Folders(layout).SelectMany(f => Names(f).Except(Expired(f, time), StringComparer.Ordinal)).Select(Read).OfType<CommitManifest>();

    /// <summary>Forgets manifests that are too old, as the next commit would: a log whose source has ended has none.</summary>
    public static void Prune(LakeLayout layout, TimeProvider time)
    {
        foreach (var folder in Folders(layout))
        {
            var expired = Expired(folder, time).ToList();
            foreach (var name in expired) File.Delete(name);
            if (expired.Count > 0) DurableFile.SyncDirectory(folder);
        }
    }

    /// <summary>The manifests of windows that start in the span, oldest first.</summary>
    public IEnumerable<CommitManifest> ReadBetween(long fromMs, long toMs)
    {
        foreach (var name in NamesBetween(fromMs, toMs))
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
        foreach (var name in NamesBetween(replacedFromMs, committed.WindowStartMs))
        {
            if (Read(name) is { } old && old.WindowStartMs >= replacedFromMs && old.WindowStartMs < committed.WindowStartMs) File.Delete(name);
        }

        foreach (var name in Expired(_folder, time).Concat(Directory.EnumerateFiles(_folder, "*.tmp").Where(n => IsOld(n, time))).ToList()) File.Delete(name);
    }

    private IEnumerable<CommitManifest> NewestFirst(string? logId) =>
        Names().AsEnumerable().Reverse().Select(Read).OfType<CommitManifest>().Where(m => logId is null || m.LogId == logId);

    private bool IsThere(string file) => File.Exists(layout.Full(file));

    private string PathOf(CommitManifest manifest) =>
        Path.Combine(_folder, new TimeWindow(manifest.WindowStartMs, manifest.WindowEndMs).Name + ".json");

    /// <summary>The names that may be of windows that start in the span: they sort as the times do that they begin with.</summary>
    private IEnumerable<string> NamesBetween(long fromMs, long toMs)
    {
        var from = new TimeWindow(Math.Max(0, fromMs), 0).Name;
        var to = toMs > EventLimits.MaxTimeUs / 1000 ? "~" : new TimeWindow(toMs, 0).Name;
        return Names()
            .SkipWhile(n => string.CompareOrdinal(Path.GetFileNameWithoutExtension(n), from) < 0)
            .TakeWhile(n => string.CompareOrdinal(Path.GetFileNameWithoutExtension(n), to) <= 0);
    }

    private List<string> Names() => Names(_folder);

    private static List<string> Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];

    private static IEnumerable<string> Folders(LakeLayout layout) => Directory.Exists(layout.Commits) ? Directory.EnumerateDirectories(layout.Commits) : [];

    private static IEnumerable<string> Expired(string folder, TimeProvider time) => Names(folder).SkipLast(Kept).Where(n => IsOld(n, time));

    private static bool IsOld(string name, TimeProvider time) => File.Exists(name) && time.GetUtcNow() - File.GetLastWriteTimeUtc(name) > _keptFor;

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
