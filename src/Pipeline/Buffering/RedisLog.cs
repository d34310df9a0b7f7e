using System.Globalization;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>
/// One shard of the log: a Redis Stream of record batches and a hash of what is known about it. Every change is one Lua script, so
/// that no crash can separate an entry from its position and its counters.
/// </summary>
public sealed class RedisLog(IDatabase database, LogKeys keys)
{
    /// <summary>Entries in one answer: few enough for a slow link to carry them before the command times out.</summary>
    public const int ChunkEntries = 16;

    public LogKeys Keys => keys;

    public Task<LogState> ReadStateAsync() => OwnKeysAsync(async () => LogState.Parse(await database.HashGetAllAsync(keys.State)));

    /// <summary>Whether there is no log yet, and the run of the server in which its append-only file was last known to be sound.</summary>
    public Task<(bool IsNew, string? Run)> ReadRunAsync() => OwnKeysAsync<(bool, string?)>(async () =>
    {
        var fields = await database.HashGetAsync(keys.State, [LogState.LastField, LogState.RunField]);
        return (fields[0].IsNull && !await database.KeyExistsAsync(keys.Stream), fields[1]);
    });

    public Task WriteRunAsync(string run) => WriteFieldAsync(LogState.RunField, run);

    /// <summary>Makes the log's keys look used to a Redis that looks for what to evict.</summary>
    public Task TouchAsync() => database.KeyTouchAsync([keys.Stream, keys.State]);

    /// <summary>Reads the last entry and the state as they are at one moment.</summary>
    public Task<(LogEntry? Last, LogState State)> ReadEndAsync() => OwnKeysAsync(ReadBothAsync);

    private async Task<(LogEntry? Last, LogState State)> ReadBothAsync()
    {
        var transaction = database.CreateTransaction();
        var last = transaction.StreamRangeAsync(keys.Stream, count: 1, messageOrder: Order.Descending);
        var state = transaction.HashGetAllAsync(keys.State);
        try
        {
            await transaction.ExecuteAsync();
        }
        catch (RedisServerException e) when (e.Kind == RedisErrorKind.ExecAbort && Refusal.In(e) is null)
        {
            // Either a command is refused, which it says itself when it stands alone, or Redis is full: up to 7.0 that takes no transaction, not even
            // one that only reads, and the writer has to read before it can make room.
            return await ReadOneByOneAsync();
        }

        var entries = await last;
        return (entries.Length == 0 ? null : ToEntry(entries[0]), LogState.Parse(await state));
    }

    /// <summary>The same without a transaction: again until nothing has changed between the two.</summary>
    private async Task<(LogEntry? Last, LogState State)> ReadOneByOneAsync()
    {
        var before = await database.HashGetAllAsync(keys.State);
        while (true)
        {
            var entries = await database.StreamRangeAsync(keys.Stream, count: 1, messageOrder: Order.Descending);
            var after = await database.HashGetAllAsync(keys.State);
            if (after.ToHashSet().SetEquals(before)) return (entries.Length == 0 ? null : ToEntry(entries[0]), LogState.Parse(after));
            before = after;
        }
    }

    /// <summary>Whether the lake has everything of a source that has ended, as far as Redis remembers.</summary>
    public async Task<bool> IsDoneAsync()
    {
        var (last, state) = await ReadEndAsync();
        return state.LogId is not null && state.CommittedOffset == state.Offset && last is null or { IsEnd: true };
    }

    /// <summary>Finds where the log ends, which is where its source resumes.</summary>
    public async Task<LogTail> ReadTailAsync()
    {
        var (last, state) = await ReadEndAsync();
        var floor = state.CommittedMs ?? 0;
        if (last is not null)
        {
            if (state.Last != last.Id) await RestoreEndAsync(last, state);
            return new LogTail(last.LogId, last.Id, last.NextOffset, last.Position, StreamExists: true, last.IsEnd, Missing: 0, state.CommittedOffset, floor, last.MayRepeat, state.Ends, state.Epoch);
        }

        if (state is not { LogId: { } id, Last: { } end })
        {
            return new LogTail(state.LogId ?? NewLogId(), null, 0, null, StreamExists: false, IsEnd: false, Missing: 0, CommittedOffset: 0, floor, LookBackLost: false, state.Ends, state.Epoch);
        }

        return new LogTail(
            id, end, state.Offset, state.CommittedPosition ?? state.Begin, StreamExists: false, IsEnd: false, state.Offset - state.CommittedOffset, state.CommittedOffset, floor,
            LookBackLost: true, state.Ends, state.Epoch);
    }

    /// <summary>Remembers where a source has ended that may come back.</summary>
    public Task WriteEndAsync(SourceEnd end) => WriteFieldAsync(end.Field, end.Position.Value);

    /// <summary>Forgets it: records before that end are lost, or the source has ended further on since.</summary>
    public Task ForgetEndAsync(SourceEnd end) => database.HashDeleteAsync(keys.State, end.Field);

    /// <summary>Appends a batch if the log still ends at <paramref name="expected"/>.</summary>
    /// <param name="expected">The last entry as the caller knows it; null for the first append.</param>
    /// <param name="create">True when the stream does not exist yet.</param>
    /// <param name="epoch">The appender's own random name: a commit is refused when another one has appended since the window was read.</param>
    /// <param name="after">
    /// Who has to have appended last; null for whoever. Two ingestors of one source give the same ids to different batches, so the last id alone
    /// does not tell whose batch it is that this one follows.
    /// </param>
    /// <exception cref="RedisServerException">Refused: by Redis, or (message starts with FENCED) because the log ends elsewhere.</exception>
    public Task AppendAsync(LogEntryId? expected, LogEntry entry, bool create, string epoch, IReadOnlyList<KeyValuePair<string, long>> counters, string? after = null)
    {
        var fields = LogEntryFields.Of(entry);
        var begin = expected is null ? BeginOf(entry)?.ToString() : null;
        RedisValue[] arguments =
        [
            expected?.ToString() ?? "", entry.Id.ToString(), create ? 1 : 0, entry.LogId, entry.NextOffset, fields.Length, epoch, entry.Count, after ?? "*", begin ?? "",
            .. fields, .. Flat(counters),
        ];
        return database.ScriptEvaluateAsync(LogScripts.Append, [keys.Stream, keys.State], arguments);
    }

    /// <summary>Reads entries in order, in chunks, from <paramref name="from"/> up to and including <paramref name="to"/>.</summary>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        LogEntryId from, LogEntryId to, int chunk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = database.StreamRangeAsync(keys.Stream, from.ToString(), to.ToString(), chunk);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await next;
            if (entries.Length == 0) yield break;

            // The next chunk travels while this one is being worked on.
            var full = entries.Length == chunk;
            if (full) next = database.StreamRangeAsync(keys.Stream, $"({entries[^1].Id}", to.ToString(), chunk);
            foreach (var entry in entries) yield return ToEntry(entry);
            if (!full) yield break;
        }
    }

    /// <summary>Reads entries backwards from the end.</summary>
    public async IAsyncEnumerable<LogEntry> ReadBackAsync(int chunk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RedisValue to = "+";
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await OwnKeysAsync(() => database.StreamRangeAsync(keys.Stream, "-", to, chunk, Order.Descending));
            foreach (var entry in entries) yield return ToEntry(entry);
            if (entries.Length < chunk) yield break;
            to = $"({entries[^1].Id}";
        }
    }

    /// <summary>The first entry at or after <paramref name="from"/>; null when there is none.</summary>
    public async Task<LogEntry?> ReadFirstAsync(LogEntryId from)
    {
        var entries = await database.StreamRangeAsync(keys.Stream, from.ToString(), "+", 1);
        return entries.Length == 0 ? null : ToEntry(entries[0]);
    }

    /// <summary>Marks everything below <paramref name="commit"/> as being in the lake, and trims the stream behind it.</summary>
    /// <returns>False when another writer committed first.</returns>
    public Task<bool> CommitAsync(LogCommit commit) => CommitAsync(commit, onlyAsk: false);

    /// <summary>Whether the commit would be taken: then nothing was trimmed since the window was read, so it was read whole.</summary>
    public Task<bool> CanCommitAsync(LogCommit commit) => CommitAsync(commit, onlyAsk: true);

    private async Task<bool> CommitAsync(LogCommit commit, bool onlyAsk)
    {
        RedisValue[] arguments =
        [
            commit.LogId, commit.FromOffset, commit.CommittedMs, commit.ToOffset, commit.Position?.ToString() ?? "", new LogEntryId(commit.TrimBelowMs, 0).ToString(),
            commit.DrainedAt?.ToString() ?? "", commit.Epoch, onlyAsk ? 1 : 0,
            .. Flat(commit.Counters),
        ];
        return (int)await database.ScriptEvaluateAsync(LogScripts.Commit, [keys.Stream, keys.State], arguments) == 1;
    }

    /// <summary>Tells a log that knows of no commit what the lake already holds of it.</summary>
    public Task RestoreCommittedAsync(long committedMs, long committedOffset, SourcePosition? position) => database.ScriptEvaluateAsync(
        LogScripts.Restore,
        [keys.Stream, keys.State],
        [
            LogState.CommittedField, committedMs, LogState.CommittedOffsetField, committedOffset,
            .. position is { } p ? new RedisValue[] { LogState.CommittedPositionField, p.ToString() } : [],
        ]);

    /// <summary>Begins a log that Redis has lost, state and all, again where it had got to; nothing happens when there is one.</summary>
    /// <param name="end">An entry without records, as the last one that is known of.</param>
    /// <param name="committedMs">Everything with a log time below this is in the lake, in ms since the Unix epoch.</param>
    /// <returns>False when there is a log.</returns>
    public async Task<bool> ReviveAsync(LogEntry end, long committedMs)
    {
        var fields = LogEntryFields.Of(end);
        RedisValue[] arguments =
        [
            end.Id.ToString(), end.LogId, end.Offset, fields.Length, .. fields, LogState.CommittedField, committedMs,
            .. end.Position is { } p ? new RedisValue[] { LogState.CommittedPositionField, p.ToString() } : [],
        ];
        return (int)await database.ScriptEvaluateAsync(LogScripts.Revive, [keys.Stream, keys.State], arguments) == 1;
    }

    /// <summary>Has a log that was rolled back go on behind the lake.</summary>
    /// <returns>False when the log has changed since it was read.</returns>
    public async Task<bool> RejoinAsync(LogRejoin rejoin)
    {
        var (known, marker) = (rejoin.Known, rejoin.Marker);
        var fields = marker is null ? [] : LogEntryFields.Of(marker);
        RedisValue[] arguments =
        [
            known.LogId, known.Last?.ToString() ?? "", known.Epoch, known.CommittedMs?.ToString(CultureInfo.InvariantCulture) ?? "",
            marker?.Id.ToString() ?? "", NewLogId(), rejoin.CommittedMs, rejoin.CommittedOffset, rejoin.Position?.ToString() ?? "",
            rejoin.CompareFromMs?.ToString(CultureInfo.InvariantCulture) ?? "", marker?.Id.Ms ?? 0, fields.Length,
            .. fields, .. Flat(rejoin.Counters),
        ];
        return (int)await database.ScriptEvaluateAsync(LogScripts.Rejoin, [keys.Stream, keys.State], arguments) == 1;
    }

    /// <summary>Tells a state hash that was lost where the log ends.</summary>
    /// <exception cref="LogException">It was not lost, and says something else than the stream.</exception>
    internal Task RestoreEndAsync(LogEntry last, LogState state) => state.Last is { } known
        ? throw new LogException(
            $"Redis key {keys.State} says that the log ends at {known}, its stream ends at {last.Id}. Something other than the pipeline " +
            $"changed them. Check which is right; `DEL {keys.State}` makes the stream the truth.")
        : database.ScriptEvaluateAsync(
            LogScripts.Restore,
            [keys.Stream, keys.State],
            [LogState.IdField, last.LogId, LogState.LastField, last.Id.ToString(), LogState.OffsetField, last.NextOffset]);

    /// <summary>
    /// Where a source began that has positions as times: at the first event of the first batch, whose position is a later one. A source with exact positions begins at its beginning.
    /// </summary>
    private static SourcePosition? BeginOf(LogEntry first) =>
        first.Position is { TimeMs: not null } position ? position with { Value = Math.Min(position.Value, first.Id.Ms * 1000) } : null;

    /// <summary>A key of the log's name that holds something else was not made by us, and no other try will change it.</summary>
    private async Task<T> OwnKeysAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (RedisServerException e) when (e.Kind == RedisErrorKind.WrongType)
        {
            throw new LogException(
                $"Redis key {keys.Stream} or {keys.State} is in use for something else than a log ({e.Message.Trim()}). Give this pipeline a log of its own (--log), or remove the key.");
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            throw new LogException(
                $"Redis key {keys.Stream} or {keys.State} holds what no pipeline wrote ({e.Message.Trim()}). Put back what was there, or `DEL {keys.State}`: it is made anew from the stream and the lake.", e);
        }
    }

    private Task<RedisResult> WriteFieldAsync(string name, RedisValue value) =>
        database.ScriptEvaluateAsync(LogScripts.EvenWhenFull + "return redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])", [keys.Stream, keys.State], [name, value]);

    private static string NewLogId() => Guid.NewGuid().ToString("N")[..8];

    private static RedisValue[] Flat(IReadOnlyList<KeyValuePair<string, long>> counters) => [.. counters.SelectMany(c => new RedisValue[] { c.Key, c.Value })];

    private LogEntry ToEntry(StreamEntry entry) => LogEntryFields.Parse(entry, keys.Stream);
}
