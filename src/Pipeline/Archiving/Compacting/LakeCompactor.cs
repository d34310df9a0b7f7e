using System.Runtime.CompilerServices;
using Pipeline.Archiving.Verifying;
using Pipeline.Monitoring;

namespace Pipeline.Archiving.Compacting;

/// <summary>
/// Makes one file of an hour's files of a table, once the hour is finished (<see cref="HeldWindows"/>). Needs no Redis, and may run beside writers, readers
/// and other compactions. Killed at any point it leaves the hour as it was or compacted:
/// <list type="number">
/// <item>the new file is written, synced, read back and compared in the staging area (<see cref="FileMerge"/>);</item>
/// <item>with the gate shut (<see cref="LakeGate"/>) a folder that holds it is exchanged with the hour's folder in one step, and both parents are synced;</item>
/// <item>the folder that was exchanged, which lies in the staging area now, is removed; the next writer removes one that was left.</item>
/// </list>
/// A window that is written again recognises itself in the compacted file (<see cref="CompactedWindows"/>).
/// </summary>
public sealed class LakeCompactor(LakeOptions options, TimeProvider time)
{
    private readonly LakeLayout _layout = new(options.Path);

    /// <summary>The hours of tables that can be compacted, and the first hour that is not finished yet.</summary>
    /// <exception cref="LakeException">There is no lake, or it cannot be told what is finished.</exception>
    public (IReadOnlyList<CompactedHour> Hours, DateTimeOffset Until) Look()
    {
        var (folders, held) = Find();
        return ([.. folders.Select(f => Result(f, f.Files.GroupBy(file => file.Name.Shard).Count(), 0))], held.Until);
    }

    /// <summary>Compacts what is finished, an hour of a table after another.</summary>
    /// <returns>Each as it is done.</returns>
    /// <exception cref="LakeException">There is no lake, it cannot be told what is finished, or folders cannot be exchanged there.</exception>
    public async IAsyncEnumerable<CompactedHour> CompactAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (folders, _) = Find();
        if (folders.Count == 0) yield break;
        using var staging = Open();
        using var merge = new FileMerge(options, staging);
        foreach (var folder in folders) yield return await CompactAsync(folder, merge, staging, cancellationToken);
    }

    private (IReadOnlyList<HourFolder> Folders, HeldWindows Held) Find()
    {
        // Files first: a window that is written again meanwhile has its manifest before its files.
        var folders = HourFolder.Of(LakeFiles.Enumerate(_layout)).ToList();
        var held = HeldWindows.Read(_layout, time);
        return (folders.FindAll(f => f.IsInPieces && !held.Hold(f)), held);
    }

    /// <summary>No manifest may name a file that is going to be compacted.</summary>
    private StagingArea Open()
    {
        try
        {
            CommitJournal.Prune(_layout, time);
            return StagingArea.Open(_layout);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private async Task<CompactedHour> CompactAsync(HourFolder folder, FileMerge merge, StagingArea staging, CancellationToken cancellationToken)
    {
        try
        {
            var before = folder.Look();
            if (before.Count != folder.Files.Count) return Result(folder, "something else lies in its folder, or it has just changed: `pipeline verify` tells");
            var files = new List<StagedFile>();
            foreach (var shard in folder.Files.GroupBy(f => f.Name.Shard)) files.Add(await MergeAsync([.. shard], merge, staging, cancellationToken));
            StepEvents.Log.Reached(CompactionStep.Merged);
            return await PublishAsync(folder, before, files, staging, cancellationToken);
        }
        catch (UnsoundFileException e)
        {
            return Result(folder, $"a file is unsound ({e.Message}): `pipeline verify` tells which, and what to do");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Result(folder, "another program changed it meanwhile");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private static async Task<StagedFile> MergeAsync(IReadOnlyList<LakeFile> files, FileMerge merge, StagingArea staging, CancellationToken cancellationToken)
    {
        if (files.Count > 1) return await merge.RunAsync(files, cancellationToken);

        // The only one of its shard comes along as it is.
        var copy = staging.NewFile(files[0].Name.Table);
        File.Copy(files[0].FullPath, copy);
        using (var copied = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite)) copied.Flush(flushToDisk: true);
        return new StagedFile(copy, files[0].Name, Rows: 0, files[0].Bytes);
    }

    private async Task<CompactedHour> PublishAsync(
        HourFolder folder, IReadOnlyList<string> before, List<StagedFile> files, StagingArea staging, CancellationToken cancellationToken)
    {
        using var alone = await LakeGate.EnterAloneAsync(_layout, cancellationToken);
        if (!folder.Look().SequenceEqual(before, StringComparer.Ordinal)) return Result(folder, "a writer or another program changed it meanwhile: the next compaction looks at it again");

        // Its files have their names only now: a reader that looks into the staging area as well would see them.
        var exchanged = staging.NewFolder(folder.Table);
        foreach (var file in files) File.Move(file.TemporaryPath, Path.Combine(exchanged, Path.GetFileName(file.Name.RelativePath)));
        DurableFile.SyncDirectory(exchanged);
        StepEvents.Log.Reached(CompactionStep.Ready);
        FolderExchange.Swap(exchanged, folder.Path);
        StepEvents.Log.Reached(CompactionStep.Exchanged);
        DurableFile.SyncDirectory(Path.GetDirectoryName(folder.Path)!);
        DurableFile.SyncDirectory(staging.Path);
        Directory.Delete(exchanged, recursive: true);
        StepEvents.Log.Reached(CompactionStep.Removed);

        return Result(folder, files.Count, files.Sum(f => f.Bytes));
    }

    private static CompactedHour Result(HourFolder folder, int files, long bytes) => new(
        DateTimeOffset.FromUnixTimeSeconds(folder.Hour * 3600), folder.Table, folder.Files.Count, files, folder.Files.Sum(f => f.Bytes), bytes);

    private static CompactedHour Result(HourFolder folder, string leftAlone)
    {
        var bytes = folder.Files.Sum(f => f.Bytes);
        return Result(folder, folder.Files.Count, bytes) with { LeftAlone = leftAlone };
    }

    private LakeException Failed(Exception e) => new(
        $"Cannot compact lake '{_layout.Root}': {Sentence.Of(e)} Every row is where it was. Check that the folder is writable and has space for an hour's files once more.", e);
}
