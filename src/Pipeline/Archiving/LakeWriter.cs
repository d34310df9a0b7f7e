using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Monitoring;
using StackExchange.Redis;

namespace Pipeline.Archiving;

/// <summary>
/// Writes closed windows of the log to the lake, each exactly once however often it is tried. A window is closed when the log has an
/// entry at or after its end: ids only grow, so its content can never change again.
/// </summary>
public sealed class LakeWriter(
    IDatabase database,
    IReadOnlyList<RedisLog> logs,
    ILogMemory memory,
    LogOptions logOptions,
    LakeOptions options,
    EventLimits limits,
    WriteStats stats,
    TimeProvider time,
    ILogger<LakeWriter> logger)
{
    private readonly LakeLayout _layout = new(options.Path);
    private readonly AppendOnlyFile _file = new(database, time, logger);
    private readonly TablePool _pool = new();
    private readonly string _token = WriterLease.NewToken();

    /// <summary>Writes every closed window of every shard.</summary>
    /// <param name="drain">True to write the open window as well, where the source has ended.</param>
    /// <returns>False when another writer holds the lease of a shard, so that something may be left.</returns>
    /// <exception cref="LakeException">The lake cannot be written.</exception>
    /// <exception cref="LostRecordsException">A shard lacks records that an ingestor has to fetch again; what the others have is written.</exception>
    public Task<bool> WriteClosedWindowsAsync(bool drain, CancellationToken cancellationToken) => WriteClosedWindowsAsync(drain, null, cancellationToken);

    /// <inheritdoc cref="WriteClosedWindowsAsync(bool, CancellationToken)"/>
    /// <param name="progress">Hears of each window.</param>
    public Task<bool> WriteClosedWindowsAsync(bool drain, IWriteProgress? progress, CancellationToken cancellationToken) => StageAsync(async staging =>
    {
        var all = true;
        var call = new WriteCall(drain, progress, time);
        for (var shard = 0; shard < logs.Count; shard++) all &= await WriteShardAsync(shard, staging, call, cancellationToken);
        return call.Lost is null ? all : throw call.Lost;
    });

    /// <summary>
    /// Whether windows could be written now. What fails while a program runs is tried again; a lake that is wrong from the start is for its user to mend.
    /// </summary>
    /// <exception cref="LakeException">The lake cannot be written, or is not this log's.</exception>
    public Task CheckAsync() => StageAsync(_ => Task.FromResult(true));

    private async Task<bool> StageAsync(Func<StagingArea, Task<bool>> write)
    {
        try
        {
            await CheckIsOwnLakeAsync();
            LakeOwner.Claim(_layout, logOptions);
            using var staging = StagingArea.Open(_layout);
            return await write(staging);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LakeException(
                $"Cannot write to lake '{_layout.Root}': {Sentence.Of(e)} Nothing is lost: the log keeps what is not committed. " +
                "Check that the folder exists, is writable and has space.", e)
            {
                CanHeal = true,
            };
        }
    }

    /// <summary>
    /// A log that has committed something writes to no other lake: when a disk is not mounted, a lake begun in its place would be hidden as soon
    /// as it is, and the log trimmed. Nor to an older copy of its own, where a hole would stay that nobody knows of.
    /// </summary>
    private async Task CheckIsOwnLakeAsync()
    {
        foreach (var log in logs)
        {
            var state = await log.ReadStateAsync();
            if (state.CommittedOffset == 0) continue;

            // A writer at work while the folder vanishes may leave a manifest in its place, and no more.
            var journal = new CommitJournal(_layout, log.Keys, time);
            var isOwn = LakeOwner.IsClaimed(_layout) ? !journal.IsEmpty : journal.ReadLastComplete() is not null;
            if (isOwn && journal.Reaches(state.CommittedOffset, state.LogId)) continue;
            throw new LakeException(isOwn ? OlderCopy(log, state, journal) :
                $"Log {log.Keys.Name} has committed {state.CommittedOffset:N0} records to a lake, and '{_layout.Root}' holds none of them. Is its disk mounted, and --lake right? " +
                "Nothing is lost: the log keeps what is not committed. To begin a new lake on purpose, give it a log of its own (--log).")
            {
                CanHeal = true,
            };
        }
    }

    private string OlderCopy(RedisLog log, LogState state, CommitJournal journal)
    {
        var reached = journal.ReadLast(state.LogId!);
        var missing = state.CommittedOffset - (reached?.ToOffset ?? 0);
        var from = reached is null ? "" : $"from {Time(reached.WindowEndMs)} ";
        return $"Lake '{_layout.Root}' is an older copy of the one that log {log.Keys.Name} was written to: {missing:N0} records {from}up to {Time(state.CommittedMs ?? 0)} are missing in it. " +
            "Nothing was written. Put the newer lake back, or have its end fetched again: docs/operations.md, \"The lake is an older copy of itself\".";
    }

    private async Task<bool> WriteShardAsync(int shard, StagingArea staging, WriteCall call, CancellationToken cancellationToken)
    {
        var log = logs[shard];
        await using var lease = await WriterLease.TryTakeAsync(database, log.Keys, _token, options.Lease, time);
        if (lease is null)
        {
            logger.LogInformation("Another writer holds the lease of log {Log}; leaving it the work.", log.Keys.Name);
            return false;
        }

        StepEvents.Log.Reached(Step.LeaseTaken);
        await _file.SettleAsync(log, cancellationToken);
        var journal = new CommitJournal(_layout, log.Keys, time);
        while (await StartAsync(log, call) is { } start && !await WriteFromAsync(start, shard, journal, lease, staging, call, cancellationToken))
        {
            logger.LogInformation("Another writer committed a window of log {Log} first; going on behind it.", log.Keys.Name);
        }

        return true;
    }

    /// <summary>Writes windows until none is closed; false when another writer got in between.</summary>
    private async Task<bool> WriteFromAsync(
        WriteStart start, int shard, CommitJournal journal, WriterLease lease, StagingArea staging, WriteCall call, CancellationToken cancellationToken)
    {
        var log = logs[shard];
        var committer = new WindowCommitter(_layout, log, journal, logOptions);
        var recent = new RecentRows(_layout, journal, Shard(shard), start.CommittedMs ?? 0, start.Position, start.RejoinFromMs, logOptions.LookBack, logger);
        var (from, fromMs, offset) = (start.From, start.CommittedMs, start.Offset);
        Task<StagedWindow>? finishing = null;
        WindowBuilder? builder = null;
        WindowBuilder? next = null;
        WriteStart previous = start;
        try
        {
            while (true)
            {
                // The next window is read while the files of the one before are encoded and synced.
                var window = await NextWindowAsync(log, journal, start, from, fromMs, call.Drain);
                if (window is { } reading) call.Started(reading);
                next = window is { } w ? await ReadWindowAsync(log, w, from, offset, shard, recent, start.IsRejoin(from), staging, cancellationToken) : null;
                if (finishing is not null)
                {
                    var staged = await finishing;
                    StepEvents.Log.Reached(Step.WindowStaged);
                    finishing = null;
                    await builder!.DisposeAsync();
                    builder = null;
                    await lease.RenewAsync();
                    if (!await CommitAsync(committer, staged, previous, cancellationToken)) return false;
                    call.Written(staged);
                }

                if (next is null) return true;
                (builder, next) = (next, null);
                previous = start with { From = from, CommittedMs = fromMs, Offset = offset };
                finishing = FinishAsync(builder, cancellationToken);
                (from, fromMs, offset) = (new LogEntryId(window!.Value.EndMs, 0), window.Value.EndMs, builder.NextOffset);
            }
        }
        finally
        {
            if (finishing is not null) await ((Task)finishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (builder is not null) await builder.DisposeAsync();
            if (next is not null) await next.DisposeAsync();
        }
    }

    private static Task<StagedWindow> FinishAsync(WindowBuilder builder, CancellationToken cancellationToken) =>
        Task.Run(() => builder.FinishAsync(cancellationToken), cancellationToken);

    private async Task<bool> CommitAsync(WindowCommitter committer, StagedWindow staged, WriteStart from, CancellationToken cancellationToken)
    {
        if (staged.Lost > 0)
        {
            logger.LogError("The log lost {Lost} records before or in window {Window}: they were appended and are gone.", staged.Lost, staged.Window);
        }

        if (staged.Corrupt > 0)
        {
            logger.LogError(
                "Window {Window} has batches that Redis did not keep as they were: their {Corrupt} events are missing in it, their bytes are in table rejected (corrupt_batch).",
                staged.Window, staged.Corrupt);
        }

        if (!await committer.CommitAsync(staged, from, cancellationToken)) return false;
        stats.Count(staged);
        if (staged.Files.Count > 0)
        {
            logger.LogInformation(
                "Window {Window}: {Rows:N0} rows in {Files} files, {Bytes:N0} bytes.",
                staged.Window, staged.Files.Sum(f => f.Rows), staged.Files.Count, staged.Files.Sum(f => f.Bytes));
        }

        return true;
    }

    /// <summary>The window of the first entry that is not committed, if it is closed.</summary>
    private async Task<TimeWindow?> NextWindowAsync(RedisLog log, CommitJournal journal, WriteStart start, LogEntryId from, long? fromMs, bool drain)
    {
        var first = await log.ReadFirstAsync(from);
        if (first is null) return null;

        // A new log that goes on in an old lake may hold times that the lake has windows for: they belong to the first new window.
        var window = TimeWindow.Containing(Math.Max(first.Id.Ms, fromMs ?? 0), options.Window);
        // A window that was made longer since the last commit begins behind it: its name must not be that of files which are there.
        window = window with { StartMs = Math.Max(window.StartMs, fromMs ?? window.StartMs) };
        // One that goes on behind a lake, with what may be there already, is one.
        if (start.IsRejoin(from)) window = window with { EndMs = Math.Max(window.EndMs, TimeWindow.Containing(start.RejoinToMs!.Value, options.Window).EndMs) };
        // A window that was made shorter since it was written, and not committed, keeps its length: it takes the place of the files that are there.
        window = window with { EndMs = journal.ReadBetween(fromMs ?? 0, window.EndMs).Select(m => m.WindowEndMs).Append(window.EndMs).Max() };
        return start.Last.Id.Ms >= window.EndMs || (drain && start.Last.IsEnd) ? window : null;
    }

    private async Task<WindowBuilder> ReadWindowAsync(
        RedisLog log, TimeWindow window, LogEntryId from, long offset, int shard, RecentRows recent, bool mayRepeat, StagingArea staging, CancellationToken cancellationToken)
    {
        var builder = new WindowBuilder(window, Shard(shard), offset, options, limits, recent, _pool, staging) { MayRepeat = mayRepeat };
        try
        {
            await foreach (var entry in log.ReadAsync(from, new LogEntryId(window.EndMs - 1, long.MaxValue), RedisLog.ChunkEntries, cancellationToken))
            {
                await builder.AddAsync(entry, cancellationToken);
            }

            StepEvents.Log.Reached(Step.WindowRead);
            return builder;
        }
        catch
        {
            await builder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where to start; null when the log is empty.</summary>
    private async Task<WriteStart?> StartAsync(RedisLog log, WriteCall call)
    {
        await memory.RestoreAsync(log);
        var (last, state) = await log.ReadEndAsync();
        call.Lost ??= LostFrom(log, last, state, call.Drain);
        if (last is null) return null;

        var from = state is { CommittedMs: { } committed, CommittedOffset: > 0 } ? new LogEntryId(state.RejoinFromMs ?? committed, 0) : LogEntryId.Zero;
        return new WriteStart(
            last.LogId, state.Epoch, last, from, state.CommittedMs, state.CommittedOffset, state.CommittedPosition, state.RejoinFromMs, state.RejoinToMs, state.Ends);
    }

    /// <summary>What only an ingestor can mend. One at work does so by itself; one that has ended does not know of it.</summary>
    private LostRecordsException? LostFrom(RedisLog log, LogEntry? last, LogState state, bool drain)
    {
        const string Mend = "`pipeline ingest` with the same source and lake fetches them again, as far as the source still has them.";
        if (last is null && state.Offset > state.CommittedOffset)
        {
            var from = (state.CommittedMs ?? state.Begin?.TimeMs) is { } ms ? $"from {Time(ms)} on, " : "";
            return new LostRecordsException(
                $"Redis has lost the stream of log {log.Keys.Name} with {state.Offset - state.CommittedOffset:N0} records that are not in lake '{_layout.Root}': {from}up to {Time(state.Last!.Value.Ms)}. {Mend}");
        }

        // Begun again where the lake ends (LakeMemory), and nobody has appended since: how much there was beyond is not known.
        return drain && last is { IsEnd: false, Count: 0, MayRepeat: true } && state.Epoch.Length == 0
            ? new LostRecordsException(
                $"Redis has lost log {log.Keys.Name}, and no ingestor has gone on yet where lake '{_layout.Root}' ends, at {Time(last.Id.Ms)}. The records after that, if there were any, are in neither. {Mend}")
            : null;
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("u", CultureInfo.InvariantCulture);

    /// <summary>The shard as it stands in file names.</summary>
    private int? Shard(int shard) => logs.Count > 1 ? shard : null;
}
