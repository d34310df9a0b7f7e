namespace Pipeline.Buffering;

/// <summary>The Lua scripts that change a log. KEYS: its stream, its state hash.</summary>
internal static class LogScripts
{
    // Redis out of memory refuses commands that may need more of it, unless the script has written already; this writes nothing. It opens
    // the way for what is small and leads to freeing memory.
    public const string EvenWhenFull = $"{ChangeNothing}\n";

    private const string ChangeNothing = "redis.call('HDEL', KEYS[2], '-')";

    // The append is refused unless the log still ends where the appender thinks it does, and behind what is committed. So pipelined batches keep their order when one
    // of them fails, a batch that a timed-out connection delivers late does no harm, and two ingestors cannot interleave.
    public const string Append =
        $$"""
        local expected, id, create, log, offset, fields, epoch, count, after, begin = unpack(ARGV, 1, 10)
        local last = redis.call('HGET', KEYS[2], 'last') or ''
        if last ~= expected then return redis.error_reply('FENCED the log ends at "' .. last .. '", not at "' .. expected .. '"') end
        if after ~= '*' and (redis.call('HGET', KEYS[2], 'epoch') or '') ~= after then return redis.error_reply('FENCED another appender was here') end
        local committed = tonumber(redis.call('HGET', KEYS[2], 'committed') or '0')
        if tonumber(string.match(id, '^%d+')) < committed then return redis.error_reply('FENCED the log is committed up to ' .. committed) end
        if count == '0' then {{ChangeNothing}} end
        local entry = {KEYS[1]}
        if create == '0' then entry[#entry + 1] = 'NOMKSTREAM' end
        entry[#entry + 1] = id
        for i = 11, 10 + fields do entry[#entry + 1] = ARGV[i] end
        if not redis.call('XADD', unpack(entry)) then return redis.error_reply('FENCED the stream is gone') end
        redis.call('HSET', KEYS[2], 'id', log, 'last', id, 'offset', offset, 'epoch', epoch)
        if begin ~= '' then redis.call('HSETNX', KEYS[2], 'begin', begin) end
        for i = 11 + fields, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return id
        """;

    // Refused when another writer committed meanwhile: the window's files are the same whoever writes them, its counters are not. Also
    // when an open window was drained and its source turned out to go on, and when Redis has forgotten what the window was read from.
    // The trim comes first: a Redis that is out of memory refuses the rest unless something was written before.
    public const string Commit =
        """
        local log, from, to_ms, to_offset, position, trim_below, drained_at, epoch, only_ask = unpack(ARGV, 1, 9)
        if redis.call('HGET', KEYS[2], 'id') ~= log then return redis.error_reply('FENCED the log is another one now') end
        local committed = tonumber(redis.call('HGET', KEYS[2], 'committed') or '-1')
        local offset = redis.call('HGET', KEYS[2], 'committed_offset') or '0'
        if offset ~= from or tonumber(to_ms) <= committed then return 0 end
        if (redis.call('HGET', KEYS[2], 'epoch') or '') ~= epoch or tonumber(redis.call('HGET', KEYS[2], 'offset') or '0') < tonumber(to_offset) then return 0 end
        if drained_at ~= '' and redis.call('HGET', KEYS[2], 'last') ~= drained_at then return 0 end
        if only_ask == '1' then return 1 end
        redis.call('XTRIM', KEYS[1], 'MINID', trim_below)
        redis.call('HSET', KEYS[2], 'committed', to_ms, 'committed_offset', to_offset)
        if position ~= '' then redis.call('HSET', KEYS[2], 'committed_position', position) end
        redis.call('HDEL', KEYS[2], 'rejoin_from', 'rejoin_to')
        for i = 10, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    // Fills in what an evicted state hash knew, unless somebody was faster.
    public const string Restore =
        EvenWhenFull +
        """
        for i = 1, #ARGV, 2 do redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    // Gives a log that is gone, state and all, an empty last entry that says where it had got to.
    public const string Revive =
        EvenWhenFull +
        """
        local id, log, offset, fields = unpack(ARGV, 1, 4)
        if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('HEXISTS', KEYS[2], 'id') == 1 then return 0 end
        local entry = {}
        for i = 5, 4 + fields do entry[#entry + 1] = ARGV[i] end
        redis.call('XADD', KEYS[1], id, unpack(entry))
        redis.call('HSET', KEYS[2], 'id', log, 'last', id, 'offset', offset, 'committed_offset', offset)
        for i = 5 + fields, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    // Lets a log that was rolled back go on behind the lake, at an empty entry, unless something has changed since it was read. Whoever appends or commits meanwhile is refused.
    public const string Rejoin =
        EvenWhenFull +
        """
        local log, last, epoch, committed, marker, new_epoch, new_committed, new_offset, position, compare_from, compare_to, fields = unpack(ARGV, 1, 12)
        local function field(name) return redis.call('HGET', KEYS[2], name) or '' end
        if field('id') ~= log or field('last') ~= last or field('epoch') ~= epoch or field('committed') ~= committed then return 0 end
        if fields ~= '0' then
          local entry = {}
          for i = 13, 12 + fields do entry[#entry + 1] = ARGV[i] end
          redis.call('XADD', KEYS[1], marker, unpack(entry))
          redis.call('HSET', KEYS[2], 'last', marker)
        end
        redis.call('HSET', KEYS[2], 'epoch', new_epoch, 'committed', new_committed, 'committed_offset', new_offset)
        if position ~= '' then redis.call('HSET', KEYS[2], 'committed_position', position) end
        if compare_from ~= '' then redis.call('HSET', KEYS[2], 'rejoin_from', compare_from, 'rejoin_to', compare_to) end
        for i = 13 + fields, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;
}
