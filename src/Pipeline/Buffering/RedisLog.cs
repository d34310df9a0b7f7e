using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>
/// One shard of the log: a Redis Stream of record batches and a hash of what is known about it. Every change is one Lua script, so
/// that no crash can separate an entry from its position and its counters.
/// </summary>
public sealed class RedisLog(IDatabase database, LogKeys keys)
{
    private const string FrameField = "z";
    private const string CountField = "n";
    private const string OffsetField = "o";
    private const string PositionField = "p";
    private const string LogIdField = "i";
    private const string EndField = "e";

    // The append is refused unless the log still ends where the appender thinks it does, and behind what is committed. So pipelined batches keep their order when one
    // of them fails, a batch that a timed-out connection delivers late does no harm, and two ingestors cannot interleave.
    private const string AppendScript =
        """
        local last = redis.call('HGET', KEYS[2], 'last') or ''
        if last ~= ARGV[1] then return redis.error_reply('FENCED the log ends at "' .. last .. '", not at "' .. ARGV[1] .. '"') end
        local committed = tonumber(redis.call('HGET', KEYS[2], 'committed') or '0')
        if tonumber(string.match(ARGV[2], '^%d+')) < committed then return redis.error_reply('FENCED the log is committed up to ' .. committed) end
        local entry = {KEYS[1]}
        if ARGV[3] == '0' then entry[#entry + 1] = 'NOMKSTREAM' end
        entry[#entry + 1] = ARGV[2]
        local fields = tonumber(ARGV[6])
        for i = 8, 7 + fields do entry[#entry + 1] = ARGV[i] end
        local id = redis.call('XADD', unpack(entry))
        if not id then return redis.error_reply('FENCED the stream is gone') end
        redis.call('HSET', KEYS[2], 'id', ARGV[4], 'last', id, 'offset', ARGV[5], 'epoch', ARGV[7])
        for i = 8 + fields, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return id
        """;

    // Refused when another writer committed meanwhile: the window's files are the same whoever writes them, its counters are not. Also
    // when an open window was drained and its source turned out to go on, and when Redis has forgotten what the window was read from.
    private const string CommitScript =
        """
        if redis.call('HGET', KEYS[2], 'id') ~= ARGV[1] then return redis.error_reply('FENCED the log is another one now') end
        local committed = tonumber(redis.call('HGET', KEYS[2], 'committed') or '-1')
        local offset = redis.call('HGET', KEYS[2], 'committed_offset') or '0'
        if offset ~= ARGV[2] or tonumber(ARGV[3]) <= committed then return 0 end
        if (redis.call('HGET', KEYS[2], 'epoch') or '') ~= ARGV[8] or tonumber(redis.call('HGET', KEYS[2], 'offset') or '0') < tonumber(ARGV[4]) then return 0 end
        if ARGV[7] ~= '' and redis.call('HGET', KEYS[2], 'last') ~= ARGV[7] then return 0 end
        if ARGV[9] == '1' then return 1 end
        redis.call('HSET', KEYS[2], 'committed', ARGV[3], 'committed_offset', ARGV[4])
        if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'committed_position', ARGV[5]) end
        for i = 10, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        redis.call('XTRIM', KEYS[1], 'MINID', ARGV[6])
        return 1
        """;

    // Fills in what an evicted state hash knew, unless somebody was faster.
    private const string RestoreScript =
        """
        for i = 1, #ARGV, 2 do redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    public LogKeys Keys => keys;

    public async Task<LogState> ReadStateAsync() => LogState.Parse(await database.HashGetAllAsync(keys.State));

    /// <summary>Reads the last entry and the state as they are at one moment.</summary>
    public async Task<(LogEntry? Last, LogState State)> ReadEndAsync()
    {
        var transaction = database.CreateTransaction();
        var last = transaction.StreamRangeAsync(keys.Stream, count: 1, messageOrder: Order.Descending);
        var state = transaction.HashGetAllAsync(keys.State);
        await transaction.ExecuteAsync();
        var entries = await last;
        return (entries.Length == 0 ? null : ToEntry(entries[0]), LogState.Parse(await state));
    }

    /// <summary>Finds where the log ends, which is where its source resumes.</summary>
    public async Task<LogTail> ReadTailAsync()
    {
        var (last, state) = await ReadEndAsync();
        var floor = state.CommittedMs ?? 0;
        if (last is not null)
        {
            if (state.Last != last.Id) await RestoreAsync(last, state);
            return new LogTail(last.LogId, last.Id, last.NextOffset, last.Position, StreamExists: true, last.IsEnd, Missing: 0, floor);
        }

        if (state is not { LogId: { } id, Last: { } end })
        {
            return new LogTail(state.LogId ?? NewLogId(), null, 0, null, StreamExists: false, IsEnd: false, Missing: 0, floor);
        }

        return new LogTail(
            id, end, state.Offset, state.CommittedPosition, StreamExists: false, IsEnd: false, state.Offset - state.CommittedOffset, floor);
    }

    /// <summary>Appends a batch if the log still ends at <paramref name="expected"/>.</summary>
    /// <param name="expected">The last entry as the caller knows it; null for the first append.</param>
    /// <param name="create">True when the stream does not exist yet.</param>
    /// <param name="epoch">The appender's own random name: a commit is refused when another one has appended since the window was read.</param>
    /// <exception cref="RedisServerException">Refused: by Redis, or (message starts with FENCED) because the log ends elsewhere.</exception>
    public Task AppendAsync(LogEntryId? expected, LogEntry entry, bool create, string epoch, IReadOnlyList<KeyValuePair<string, long>> counters)
    {
        RedisValue[] fields =
        [
            LogIdField, entry.LogId, OffsetField, entry.Offset, CountField, entry.Count,
            .. entry.Position is { } position ? new RedisValue[] { PositionField, position.ToString() } : [],
            .. entry.IsEnd ? new RedisValue[] { EndField, 1 } : [],
            FrameField, entry.Frame,
        ];
        var arguments = new RedisValue[7 + fields.Length + (2 * counters.Count)];
        arguments[0] = expected?.ToString() ?? "";
        arguments[1] = entry.Id.ToString();
        arguments[2] = create ? 1 : 0;
        arguments[3] = entry.LogId;
        arguments[4] = entry.NextOffset;
        arguments[5] = fields.Length;
        arguments[6] = epoch;
        fields.CopyTo(arguments, 7);
        Put(counters, arguments, 7 + fields.Length);
        return database.ScriptEvaluateAsync(AppendScript, [keys.Stream, keys.State], arguments);
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
            var entries = await database.StreamRangeAsync(keys.Stream, "-", to, chunk, Order.Descending);
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
        var arguments = new RedisValue[9 + (2 * commit.Counters.Count)];
        arguments[0] = commit.LogId;
        arguments[1] = commit.FromOffset;
        arguments[2] = commit.CommittedMs;
        arguments[3] = commit.ToOffset;
        arguments[4] = commit.Position?.ToString() ?? "";
        arguments[5] = new LogEntryId(commit.TrimBelowMs, 0).ToString();
        arguments[6] = commit.DrainedAt?.ToString() ?? "";
        arguments[7] = commit.Epoch;
        arguments[8] = onlyAsk ? 1 : 0;
        Put(commit.Counters, arguments, 9);
        return (int)await database.ScriptEvaluateAsync(CommitScript, [keys.Stream, keys.State], arguments) == 1;
    }

    /// <summary>Tells a log that knows of no commit what the lake already holds of it.</summary>
    public Task RestoreCommittedAsync(long committedMs, long committedOffset, SourcePosition? position) => database.ScriptEvaluateAsync(
        RestoreScript,
        [keys.Stream, keys.State],
        [
            LogState.CommittedField, committedMs, LogState.CommittedOffsetField, committedOffset,
            .. position is { } p ? new RedisValue[] { LogState.CommittedPositionField, p.ToString() } : [],
        ]);

    private Task<RedisResult> RestoreAsync(LogEntry last, LogState state) => state.Last is { } known
        ? throw new LogException(
            $"Redis key {keys.State} says that the log ends at {known}, its stream ends at {last.Id}. Something other than the pipeline " +
            $"changed them. Check which is right; `DEL {keys.State}` makes the stream the truth.")
        : database.ScriptEvaluateAsync(
            RestoreScript,
            [keys.Stream, keys.State],
            [LogState.IdField, last.LogId, LogState.LastField, last.Id.ToString(), LogState.OffsetField, last.NextOffset]);

    private static string NewLogId() => Guid.NewGuid().ToString("N")[..8];

    private static void Put(IReadOnlyList<KeyValuePair<string, long>> counters, RedisValue[] arguments, int at)
    {
        foreach (var (name, value) in counters)
        {
            arguments[at++] = name;
            arguments[at++] = value;
        }
    }

    private LogEntry ToEntry(StreamEntry entry)
    {
        var position = entry[PositionField];
        if (entry[LogIdField].IsNull || entry[CountField].IsNull || entry[OffsetField].IsNull)
        {
            throw new LogException(
                $"Entry {entry.Id} of Redis stream {keys.Stream} is no record batch: it was written by another program or another version " +
                "of the pipeline. Give this pipeline a log of its own (--log).");
        }

        return new LogEntry(
            LogEntryId.Parse(entry.Id),
            entry[LogIdField].ToString(),
            (long)entry[OffsetField],
            (int)entry[CountField],
            position.IsNull ? null : SourcePosition.Parse(position.ToString()),
            !entry[EndField].IsNull,
            entry[FrameField]);
    }
}
