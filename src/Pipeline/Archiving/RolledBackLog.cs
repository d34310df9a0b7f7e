using Microsoft.Extensions.Logging;
using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>
/// A log of which the lake has more than Redis knows: Redis has come back from an older copy, or forgot more than a commit. It goes on behind
/// the lake, since its source may not reach back to where Redis was.
/// </summary>
internal sealed class RolledBackLog(RedisLog log, CommitJournal journal, LogEntry? first, LogEntry? last, LogState state, string lake, ILogger logger)
{
    /// <summary>True when the log holds what the window was written from, and has forgotten the commit alone: then it is written again.</summary>
    public async Task<bool> HoldsAsync(CommitManifest manifest)
    {
        if (first is null) return false;
        if (manifest.LastId is not { } text) return state.Offset >= manifest.ToOffset;
        var id = LogEntryId.Parse(text);
        return await log.ReadFirstAsync(id) is { } entry && entry.Id == id && entry.NextOffset == manifest.ToOffset
            && (entry.Position is null || entry.Position?.ToString() == manifest.Position);
    }

    /// <summary>Has the log go on behind the lake.</summary>
    /// <param name="reached">The lake's last window of this log, whose writer may have died before all its files were there.</param>
    /// <returns>False when the log has changed since it was read.</returns>
    public async Task<bool> RejoinAsync(CommitManifest reached)
    {
        var complete = journal.ReadLastComplete(reached.LogId);
        var isInLake = IsInLake(complete);
        var fromMs = state.RejoinFromMs ?? state.CommittedMs ?? first?.Id.Ms ?? 0;
        var (position, ended) = EndOf(complete, isInLake);
        var marker = last is null
            ? null
            : new LogEntry(last.Id.Next(reached.WindowEndMs), last.LogId, last.NextOffset, 0, position, ended, MayRepeat: true, default);

        // A stream that begins behind the lake's end holds nothing of what the lake has, and nothing is lost between.
        var committed = isInLake ? state.Offset : first?.Offset >= reached.ToOffset ? reached.ToOffset : state.CommittedOffset;
        var rejoined = await log.RejoinAsync(new LogRejoin(
            state, marker, reached.WindowEndMs, committed, position, isInLake || last is null ? null : fromMs, Adopted(state.CommittedMs ?? 0, reached, committed)));
        if (rejoined)
        {
            logger.LogError(
                "Redis has rolled log {Log} back to {Last}, where {Committed:N0} records were committed. Lake '{Lake}' reaches to {End}, source position {Position}: going on behind it. " +
                "{Rest} What Redis held beyond the lake is fetched again as far as the source still has it.",
                log.Keys.Name, state.Last, state.CommittedOffset, lake, new TimeWindow(reached.WindowEndMs, 0).Name, complete?.Position ?? "(none)",
                isInLake ? "The lake has all that the log still holds." : "What the log still holds is compared with the lake.");
        }

        return rejoined;
    }

    /// <summary>
    /// True when all that the log holds is in the lake: it ends before the lake does, and nobody has appended to it who is unknown there.
    /// </summary>
    private bool IsInLake(CommitManifest? complete) =>
        complete is { LastId: { } lastId, Epochs: { } epochs } && epochs.Contains(state.Epoch) && state.Last <= LogEntryId.Parse(lastId);

    /// <summary>Where the source goes on: at the lake's end or at the log's, whichever is further.</summary>
    private (SourcePosition? Position, bool Ended) EndOf(CommitManifest? complete, bool isInLake)
    {
        var inLake = complete?.Position is { } text ? SourcePosition.Parse(text) : (SourcePosition?)null;
        var inLog = last is null ? state.CommittedPosition : last.Position;
        var lakeIsAhead = inLake is { } there && (isInLake || last is null || (inLog is { } here && there.Source == here.Source && there.Value >= here.Value));
        return lakeIsAhead ? (inLake, complete!.Ended) : (inLog, last?.IsEnd ?? false);
    }

    /// <summary>What the log has to count for windows whose commits it has forgotten.</summary>
    private List<KeyValuePair<string, long>> Adopted(long fromMs, CommitManifest reached, long committed)
    {
        var rows = journal.ReadBetween(fromMs, reached.WindowEndMs).Where(m => m.LogId == reached.LogId).SelectMany(m => m.Rows).ToList();
        return
        [
            .. rows.GroupBy(r => LogCounters.Committed(r.Key), StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.Sum(r => r.Value))),
            KeyValuePair.Create(LogCounters.Adopted, rows.Sum(r => r.Value) - (committed - state.CommittedOffset)),
        ];
    }
}
