using Microsoft.Extensions.Logging;
using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>What the lake's manifests know of a log: how far it is archived, and where its source was then.</summary>
public sealed class LakeMemory(LakeOptions options, TimeProvider time, ILogger<LakeMemory> logger) : ILogMemory
{
    private readonly LakeLayout _layout = new(options.Path);

    public async Task RestoreAsync(RedisLog log)
    {
        // Another part of the pipeline may change the log meanwhile: then it is looked at again.
        while (!await TryRestoreAsync(log))
        {
        }
    }

    private async Task<bool> TryRestoreAsync(RedisLog log)
    {
        var (last, state) = await log.ReadEndAsync();
        var journal = new CommitJournal(_layout, log.Keys, time);

        // Redis knows of no log.
        if ((last?.LogId ?? state.LogId) is not { } id)
        {
            if (journal.ReadLastComplete() is { } end) await ReviveAsync(log, state, end);
            return true;
        }

        // It has the stream and not the state.
        if (last is not null && state.LogId is null)
        {
            await log.RestoreEndAsync(last, state);
            return false;
        }

        // Its log has committed nothing, and the lake is of another one.
        if (last is not null && state.CommittedMs is null && journal.ReadLastComplete() is { } other && other.LogId != id)
        {
            await GoOnBehindAsync(log, journal, other, last, state);
            return true;
        }

        // The lake is not ahead of the log: nothing was forgotten.
        if (journal.ReadLast(id) is not { } reached || reached.WindowEndMs <= (state.CommittedMs ?? 0)) return true;

        // Redis has forgotten commits, and records with them or not.
        if (journal.ReadLastComplete(id) is { } known) await RestoreEndsAsync(log, state, known);
        var first = await log.ReadFirstAsync(LogEntryId.Zero);
        var back = new RolledBackLog(log, journal, first, last, state, _layout.Root, logger);
        if (await back.HoldsAsync(reached) || (first?.Offset >= reached.ToOffset && state.CommittedMs is null))
        {
            if (state.CommittedMs is null) await RestoreStateAsync(log, first!, reached);
            return true;
        }

        return await back.RejoinAsync(reached);
    }

    /// <summary>Redis was emptied: the log begins again where the lake ends, and the source resumes there.</summary>
    private async Task ReviveAsync(RedisLog log, LogState state, CommitManifest manifest)
    {
        await RestoreEndsAsync(log, state, manifest);
        var id = manifest.LastId is { } last ? LogEntryId.Parse(last) : new LogEntryId(manifest.WindowEndMs - 1, 0);
        var end = new LogEntry(id, manifest.LogId, manifest.ToOffset, 0, PositionOf(manifest), manifest.Ended, MayRepeat: true, default);
        if (!await log.ReviveAsync(end, manifest.WindowEndMs)) return;
        logger.LogError(
            "Redis has lost log {Log}. Lake '{Lake}' reaches to {End}: going on there, from source position {Position}. What Redis held beyond that is " +
            "fetched again as far as the source still has it.",
            log.Keys.Name, _layout.Root, Time(manifest), manifest.Position ?? "(none)");
    }

    /// <summary>Tells the log where sources ended that it does not know of, or not to their end.</summary>
    private static async Task RestoreEndsAsync(RedisLog log, LogState state, CommitManifest manifest)
    {
        foreach (var end in manifest.Ends().Where(e => !state.Ends.Any(k => k.Position.Source == e.Position.Source && k.Position.Value >= e.Position.Value)))
        {
            await log.WriteEndAsync(end);
        }
    }

    /// <summary>
    /// Only the state hash is gone. With its first record still there, the log is whole, and writing its windows again gives the same files;
    /// otherwise it was trimmed, so something was committed.
    /// </summary>
    private async Task RestoreStateAsync(RedisLog log, LogEntry first, CommitManifest manifest)
    {
        if (first.Offset == 0) return;
        logger.LogWarning("Redis key {Key} was lost; taking what is committed from the lake.", log.Keys.State);
        await log.RestoreCommittedAsync(manifest.WindowEndMs, manifest.ToOffset, PositionOf(manifest));
    }

    /// <summary>Another log has begun under the name, by an ingestor that did not know the lake.</summary>
    /// <exception cref="LakeException">It replays what the lake has already.</exception>
    private async Task GoOnBehindAsync(RedisLog log, CommitJournal journal, CommitManifest manifest, LogEntry last, LogState state)
    {
        var first = await log.ReadFirstAsync(LogEntryId.Zero);
        if (first?.Position is { TimeMs: null } begin && InLake(manifest, begin.Source) is { } reached && begin.Value < reached.Value)
        {
            throw new LakeException(
                $"Log {log.Keys.Name} is new and replays {begin.Source} from {begin.Value}, which lake '{_layout.Root}' has up to {reached.Value}: writing it would double " +
                $"every event. Stop the ingestor, `DEL {log.Keys.Stream} {log.Keys.State}`, and start it with --lake: it goes on where the lake ends.");
        }

        logger.LogError(
            "Log {Log} is new (Redis was emptied?), and lake '{Lake}' reaches to {End}, source position {Position}: going on behind it. What lies between " +
            "that position and where the new log began ({Now} by now) is missing; an ingestor that is given --lake goes on where the lake ends.",
            log.Keys.Name, _layout.Root, Time(manifest), manifest.Position ?? "(none)", last.Position?.ToString() ?? "(none)");

        await RestoreEndsAsync(log, state, manifest);
        // Behind every window that was begun, even one whose writer died: its manifest speaks of another log.
        await log.RestoreCommittedAsync(journal.ReadBetween(0, long.MaxValue).Max(m => m.WindowEndMs), 0, null);
    }

    private static SourcePosition? PositionOf(CommitManifest manifest) =>
        manifest.Position is { } position ? SourcePosition.Parse(position) : null;

    /// <summary>How far the lake has a source.</summary>
    private static SourcePosition? InLake(CommitManifest manifest, string source) =>
        PositionOf(manifest) is { } position && position.Source == source ? position : manifest.Ends().Select(e => (SourcePosition?)e.Position).FirstOrDefault(p => p?.Source == source);

    private static string Time(CommitManifest manifest) => new TimeWindow(manifest.WindowEndMs, 0).Name;
}
