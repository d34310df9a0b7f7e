using Pipeline.Buffering;
using Pipeline.Monitoring;

namespace Pipeline.Archiving;

/// <summary>
/// Makes a staged window visible and tells the log. Killed at any point, the next writer repeats the window from the log and ends in
/// the same state:
/// <list type="number">
/// <item>the files are complete and synced in the staging area (<see cref="WindowBuilder"/>);</item>
/// <item>the manifest says what the window consists of;</item>
/// <item>each file is renamed into its place, and the folders are synced;</item>
/// <item>what an earlier attempt left beyond that is removed;</item>
/// <item>one transaction marks the window as committed and trims the log behind it.</item>
/// </list>
/// </summary>
internal sealed class WindowCommitter(LakeLayout layout, RedisLog log, CommitJournal journal, LogOptions options)
{
    /// <summary>Commits a window.</summary>
    /// <param name="from">The log as it was when the window was read, and what the window follows.</param>
    /// <returns>False when another writer had committed it already.</returns>
    public async Task<bool> CommitAsync(StagedWindow staged, WriteStart from, CancellationToken cancellationToken)
    {
        var commit = ToCommit(staged, from.LogId, from.Offset, from.Last, from.Epoch);
        if (!await TryPublishAsync(staged, commit, from, cancellationToken)) return false;
        var committed = await log.CommitAsync(commit);
        StepEvents.Log.Reached(Step.WindowCommitted);
        return committed;
    }

    /// <summary>Steps 2 to 4, while no compaction exchanges a folder.</summary>
    /// <returns>False when another writer had committed the window.</returns>
    private async Task<bool> TryPublishAsync(StagedWindow staged, LogCommit commit, WriteStart from, CancellationToken cancellationToken)
    {
        using var gate = await LakeGate.EnterAsync(layout, cancellationToken);
        var fromMs = from.CommittedMs ?? 0;
        var earlier = journal.ReadBetween(fromMs, staged.Window.EndMs).ToList();
        if (earlier.Find(m => m.LogId != commit.LogId) is { } other)
        {
            throw new LakeException(
                $"Window {staged.Window.Name} of lake '{layout.Root}' was written from another log ({other.LogId}, this one is {commit.LogId}). " +
                "Two pipelines write to one lake, or an old Redis came back: stop one of them, or give it a lake of its own (--lake).");
        }

        // Before anything becomes visible: when somebody committed and trimmed meanwhile, half of the window may have been read.
        if (!await log.CanCommitAsync(commit)) return false;
        StepEvents.Log.Reached(Step.CommitAsked);

        // The rows of an earlier attempt go when the log has them all for this one: what it has lost is nowhere else any more (LakeMemory sees to that).
        if (earlier.Find(m => m.ToOffset > staged.ToOffset && m.Files.Any(f => File.Exists(layout.Full(f)))) is { } ahead)
        {
            throw new LakeException(
                $"Window {staged.Window.Name} of lake '{layout.Root}' has records up to {ahead.ToOffset}, the log that would replace it only up to {staged.ToOffset}. " +
                "Nothing was changed. The window is looked at again at the next attempt.");
        }

        // Where the offset moves without a row (everything was lost) as well: a log that has committed something is known to its lake.
        if (staged.Files.Count == 0 && earlier.Count == 0 && commit.DrainedAt is null && commit.ToOffset == commit.FromOffset) return true;
        var known = earlier.SelectMany(m => m.Files.Concat(m.Stale)).Distinct(StringComparer.Ordinal).ToList();
        var files = journal.IsBehind(staged.Window) ? await OlderWindow.LeaveOutAsync(layout, staged, known) : staged.Files;
        var paths = files.Select(f => f.Name.RelativePath).ToList();
        var stale = known.Except(paths, StringComparer.Ordinal).ToList();
        var manifest = ToManifest(staged, commit, from.Ends, files, paths, stale);
        journal.Write(manifest);
        StepEvents.Log.Reached(Step.ManifestWritten);
        Publish(files);
        StepEvents.Log.Reached(Step.WindowPublished);
        Remove(stale);
        journal.Prune(manifest, fromMs);
        StepEvents.Log.Reached(Step.StaleRemoved);
        return true;
    }

    private LogCommit ToCommit(StagedWindow staged, string logId, long fromOffset, LogEntry logEnd, string epoch)
    {
        var trimBelow = Math.Max(0, Math.Min(staged.Window.EndMs, LookBack.From(logEnd.Id.Ms, logEnd.Position?.TimeMs, options.LookBack)));
        var drainedAt = logEnd.Id.Ms < staged.Window.EndMs ? logEnd.Id : (LogEntryId?)null;
        return new LogCommit(
            logId, fromOffset, staged.ToOffset, staged.Window.EndMs, staged.Position, trimBelow, drainedAt, epoch, Counters(staged));
    }

    private CommitManifest ToManifest(
        StagedWindow staged, LogCommit commit, IReadOnlyList<SourceEnd> ends, IReadOnlyList<StagedFile> files, List<string> paths, List<string> stale) => new(
        commit.LogId,
        staged.Window.StartMs,
        staged.Window.EndMs,
        commit.FromOffset,
        staged.ToOffset,
        staged.Position?.ToString(),
        staged.LastId?.ToString(),
        paths,
        stale,
        files.GroupBy(f => f.Name.Table, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(f => f.Rows), StringComparer.Ordinal),
        Ended: commit.DrainedAt is not null,
        journal.EpochsWith(commit.Epoch, commit.LogId),
        [.. ends.Where(e => e.Offset <= staged.ToOffset).GroupBy(e => e.Position.Source, StringComparer.Ordinal).Select(g => g.MaxBy(e => e.Position.Value).Position.ToString())]);

    private static List<KeyValuePair<string, long>> Counters(StagedWindow staged)
    {
        var counters = staged.Files
            .GroupBy(f => f.Name.Table, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(LogCounters.Committed(g.Key), g.Sum(f => f.Rows)))
            .ToList();
        if (staged.Repeated > 0) counters.Add(KeyValuePair.Create(LogCounters.Repeated, staged.Repeated));
        if (staged.Lost > 0) counters.Add(KeyValuePair.Create(LogCounters.Lost, staged.Lost));
        return counters;
    }

    private void Publish(IReadOnlyList<StagedFile> files)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var path = layout.Full(file.Name.RelativePath);
            var folder = Path.GetDirectoryName(path)!;
            if (folders.Add(folder)) DurableFile.CreateDirectory(folder);
            File.Move(file.TemporaryPath, path, overwrite: true);
            StepEvents.Log.Reached(Step.FilePublished);
        }

        foreach (var folder in folders) DurableFile.SyncDirectory(folder);
    }

    private void Remove(List<string> stale)
    {
        foreach (var path in stale.Select(layout.Full).Where(File.Exists))
        {
            File.Delete(path);
            DurableFile.SyncDirectory(Path.GetDirectoryName(path)!);
        }
    }
}
