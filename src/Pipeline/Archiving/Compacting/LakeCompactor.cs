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
/// <item>the folder that was exchanged lies in the staging area now, and is removed a little later (<see cref="ReplacedFolders"/>); the next writer removes one that was left.</item>
/// </list>
/// A window that is written again recognises itself in the compacted file (<see cref="CompactedWindows"/>).
/// </summary>
public sealed class LakeCompactor(LakeOptions options, TimeProvider time)
{
    private const string Changed = "a writer or another program changed it meanwhile: the next compaction looks at it again";

    private readonly LakeLayout _layout = new(options.Path);

    /// <summary>How long the files that were replaced stay for those who are just listing their folder. Default 2 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

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

        // Also with nothing to do: what a compaction left that was killed goes.
        using var staging = Open();
        if (folders.Count == 0) yield break;
        await ForgetAsync(cancellationToken);
        using var merge = new FileMerge(options, staging);
        using var replaced = new ReplacedFolders(time) { Grace = Grace };
        foreach (var found in folders)
        {
            if (await TryCompactAsync(found, merge, staging, replaced, cancellationToken) is { } hour) yield return hour;
        }

        await replaced.RemoveAllAsync(cancellationToken);
    }

    private (IReadOnlyList<HourFolder> Folders, HeldWindows Held) Find()
    {
        // Files first: a window that is written again meanwhile has its manifest before its files.
        var folders = HourFolder.Of(LakeFiles.Enumerate(_layout)).ToList();
        var held = HeldWindows.Read(_layout, time);
        return (folders.FindAll(f => f.IsInPieces && !held.Hold(f)), held);
    }

    /// <summary>No manifest may name a file that is going to be compacted.</summary>
    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var alone = await LakeGate.EnterAloneAsync(_layout, LakeGate.Patience, cancellationToken);
            CommitJournal.Prune(_layout, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private StagingArea Open()
    {
        try
        {
            return StagingArea.Open(_layout);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <returns>Null when there is nothing to do any more.</returns>
    private async Task<CompactedHour?> TryCompactAsync(
        HourFolder found, FileMerge merge, StagingArea staging, ReplacedFolders replaced, CancellationToken cancellationToken)
    {
        try
        {
            // Hours may have passed since it was found.
            var folder = found.Refresh(_layout);
            if (!folder.IsInPieces) return null;
            var before = HourFolder.Look(folder.Path);
            if (before.Count != folder.Files.Count) return Result(folder, "something else lies in its folder, or it is just changing: `pipeline verify` tells");
            var files = new List<StagedFile>();
            foreach (var shard in folder.Files.GroupBy(f => f.Name.Shard)) files.Add(await merge.RunAsync([.. shard], cancellationToken));
            StepEvents.Log.Reached(CompactionStep.Merged);
            return await PublishAsync(folder, before, files, staging, replaced, cancellationToken);
        }
        catch (UnsoundFileException e)
        {
            return Result(found, $"a file is unsound ({e.Message}): `pipeline verify` tells which, and what to do");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Result(found, Changed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private async Task<CompactedHour> PublishAsync(
        HourFolder folder, IReadOnlyList<string> before, List<StagedFile> files, StagingArea staging, ReplacedFolders replaced, CancellationToken cancellationToken)
    {
        using var alone = await LakeGate.EnterAloneAsync(_layout, LakeGate.Patience, cancellationToken);
        if (HeldWindows.Read(_layout, time).Hold(folder) || !HourFolder.Look(folder.Path).SequenceEqual(before, StringComparer.Ordinal)) return Result(folder, Changed);

        // Its files have their names only now: a reader that looks into the staging area as well would see them.
        var exchanged = staging.NewFolder(folder.Table);
        foreach (var file in files)
        {
            FileOwner.Copy(folder.Files[0].FullPath, file.TemporaryPath);
            File.Move(file.TemporaryPath, Path.Combine(exchanged, Path.GetFileName(file.Name.RelativePath)));
        }

        FileOwner.Copy(folder.Path, exchanged);
        var after = HourFolder.Look(exchanged);
        DurableFile.SyncDirectory(exchanged);
        StepEvents.Log.Reached(CompactionStep.Ready);
        FolderExchange.Swap(exchanged, folder.Path);
        StepEvents.Log.Reached(CompactionStep.Exchanged);

        // Somebody may not know the gate, or the file system not keep it: a version from before it, another machine, a person.
        var isAsExpected = HourFolder.Look(exchanged).SequenceEqual(before, StringComparer.Ordinal) && HourFolder.Look(folder.Path).SequenceEqual(after, StringComparer.Ordinal);
        if (!isAsExpected) TakeBack(folder, files, exchanged);
        DurableFile.SyncDirectory(Path.GetDirectoryName(folder.Path)!);
        DurableFile.SyncDirectory(staging.Path);
        if (!isAsExpected) return Result(folder, Changed);
        replaced.Add(exchanged);
        return Result(folder, files.Count, files.Sum(f => f.Bytes));
    }

    private static void TakeBack(HourFolder folder, List<StagedFile> files, string exchanged)
    {
        FolderExchange.Swap(exchanged, folder.Path);
        var ours = files.Select(f => Path.GetFileName(f.Name.RelativePath)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(exchanged).Where(p => !ours.Contains(Path.GetFileName(p))).ToList())
        {
            File.Move(path, Path.Combine(folder.Path, Path.GetFileName(path)));
        }

        DurableFile.SyncDirectory(folder.Path);
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
