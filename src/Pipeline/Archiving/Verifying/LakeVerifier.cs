using System.Collections.Concurrent;

namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Reads every row of every file of a lake and says what is wrong with it. Nothing is changed. Duplicates are found within a partition
/// hour and the one before it, which bounds memory (<see cref="SeenRows"/>).
/// </summary>
/// <param name="keptFindings">How many findings a report lists; all are counted. Default 1000.</param>
public sealed class LakeVerifier(LakeLayout layout, int keptFindings = 1000)
{
    // Each holds a row group, which is what memory goes into; two already read a million rows a second.
    private const int FilesAtOnce = 2;

    public LakeVerifier(LakeOptions options) : this(new LakeLayout(options.Path))
    {
    }

    /// <exception cref="LakeException">There is no lake.</exception>
    public async Task<LakeReport> VerifyAsync(IProgress<LakeProgress>? progress, CancellationToken cancellationToken)
    {
        // So that no compaction takes away what was listed.
        using var gate = await LakeGate.TryEnterAsync(layout, cancellationToken);
        var findings = new FindingList(keptFindings);
        var notes = new List<string>();
        var manifests = new ManifestCheck(layout, findings);
        var files = LakeFiles.Enumerate(layout, findings.Add);
        if (files.Count == 0) findings.Add(EmptyLake());
        StagingCheck.Run(layout, findings, notes);

        var digest = new LakeDigest();
        var rows = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var (done, total) = (0, 0L);
        var windows = new HashSet<long>();
        var vanished = 0;
        var seen = new SeenRows();
        var brake = new MemoryBrake();
        foreach (var hour in Enumerable.Range(0, files.Count).GroupBy(i => files[i].Name.Hour))
        {
            seen.NextHour();
            var checks = new List<FileCheck>();
            var largestFirst = hour.OrderByDescending(i => files[i].Bytes);
            var options = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(largestFirst, options, async (index, token) =>
            {
                var check = new FileCheck(files, index, seen, brake, findings);
                try
                {
                    if (await TryRunAsync(check, files[index].RelativePath, findings, token)) rows[files[index].RelativePath] = check.Rows;
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
                {
                    // A writer that repeats a window has just replaced it, or a compaction; if not, the manifests tell.
                    Interlocked.Increment(ref vanished);
                }

                lock (digest)
                {
                    checks.Add(check);
                    windows.UnionWith(check.Windows);
                    digest.Add(check.Digest);
                    total += check.Rows;
                    progress?.Report(new LakeProgress(++done, files.Count, total, findings.Count));
                }
            });
            CheckWindows(checks, findings);
        }

        manifests.Run(rows);
        if (vanished > 0) notes.Add($"{vanished} file(s) went while the lake was read, to be compacted or written again: what took their place was not read. Run it again.");
        return new LakeReport
        {
            Files = files.Count,
            Bytes = files.Sum(f => f.Bytes),
            Rows = LakeFileName.Tables.ToDictionary(t => t, t => files.Where(f => f.Name.Table == t).Sum(f => rows.GetValueOrDefault(f.RelativePath)), StringComparer.Ordinal),
            Windows = windows.Count,
            FirstHour = files.Count > 0 ? DateTimeOffset.FromUnixTimeSeconds(files[0].Name.Hour * 3600) : null,
            LastHour = files.Count > 0 ? DateTimeOffset.FromUnixTimeSeconds(files[^1].Name.Hour * 3600) : null,
            Digest = digest,
            Findings = findings.ByPath(),
            FindingCount = findings.Count,
            Notes = notes,
        };
    }

    /// <summary>Rejected rows have no identity: only their windows tell that they are there twice.</summary>
    private static void CheckWindows(IEnumerable<FileCheck> checks, FindingList findings)
    {
        foreach (var folder in checks.GroupBy(c => (c.File.Name.Table, c.File.Name.Shard)))
        {
            var compacted = folder.Where(c => c.File.Name.LastWindowMs is not null).ToList();
            foreach (var (file, other) in from one in folder from all in compacted where one != all && one.Windows.Any(all.Windows.Contains) select (one.File.RelativePath, all.File.RelativePath))
            {
                findings.Add(LakeFindingKind.WrongWindows, file, () =>
                    $"The windows of '{file}' are in the compacted file '{other}' as well: something that knows of no compaction wrote it, or put it back. Remove '{file}', not the compacted file, which has others besides.");
            }
        }
    }

    private static async Task<bool> TryRunAsync(FileCheck check, string path, FindingList findings, CancellationToken cancellationToken)
    {
        try
        {
            await check.RunAsync(cancellationToken);
            return true;
        }
        catch (UnsoundFileException e)
        {
            findings.Add(e.Kind, path, () => Unsound(path, e.Message, e.Kind));
        }
        catch (UnauthorizedAccessException e)
        {
            findings.Add(Access.Denied(path, e));
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException or FileNotFoundException or DirectoryNotFoundException))
        {
            // Parquet.Net throws whatever its decoding runs into.
            findings.Add(LakeFindingKind.Unreadable, path, () => Unsound(path, $"it does not decode ({e.Message})", LakeFindingKind.Unreadable));
        }

        return false;
    }

    private static string Unsound(string path, string what, LakeFindingKind kind) =>
        $"'{path}' is unsound: {what}." + (kind is LakeFindingKind.Unreadable or LakeFindingKind.Damaged or LakeFindingKind.NotSealed
            ? " Check the disk; bring the file back from a copy, or remove it and replay its window from the source."
            : "");

    private LakeFinding EmptyLake() => new(
        LakeFindingKind.EmptyLake, "", $"Lake '{layout.Root}' holds no files, so nothing was verified. Run `pipeline write`, or name another lake.");
}
