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
        local last = redis.call('HGET', KEYS[2], 'last') or ''
        if last ~= ARGV[1] then return redis.error_reply('FENCED the log ends at "' .. last .. '", not at "' .. ARGV[1] .. '"') end
        if ARGV[9] ~= '*' and (redis.call('HGET', KEYS[2], 'epoch') or '') ~= ARGV[9] then return redis.error_reply('FENCED another appender was here') end
        local committed = tonumber(redis.call('HGET', KEYS[2], 'committed') or '0')
        if tonumber(string.match(ARGV[2], '^%d+')) < committed then return redis.error_reply('FENCED the log is committed up to ' .. committed) end
        if ARGV[8] == '0' then {{ChangeNothing}} end
        local entry = {KEYS[1]}
        if ARGV[3] == '0' then entry[#entry + 1] = 'NOMKSTREAM' end
        entry[#entry + 1] = ARGV[2]
        local fields = tonumber(ARGV[6])
        for i = 10, 9 + fields do entry[#entry + 1] = ARGV[i] end
        local id = redis.call('XADD', unpack(entry))
        if not id then return redis.error_reply('FENCED the stream is gone') end
        redis.call('HSET', KEYS[2], 'id', ARGV[4], 'last', id, 'offset', ARGV[5], 'epoch', ARGV[7])
        for i = 10 + fields, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return id
        """;

    // Refused when another writer committed meanwhile: the window's files are the same whoever writes them, its counters are not. Also
    // when an open window was drained and its source turned out to go on, and when Redis has forgotten what the window was read from.
    // The trim comes first: a Redis that is out of memory refuses the rest unless something was written before.
    public const string Commit =
        """
        if redis.call('HGET', KEYS[2], 'id') ~= ARGV[1] then return redis.error_reply('FENCED the log is another one now') end
        local committed = tonumber(redis.call('HGET', KEYS[2], 'committed') or '-1')
        local offset = redis.call('HGET', KEYS[2], 'committed_offset') or '0'
        if offset ~= ARGV[2] or tonumber(ARGV[3]) <= committed then return 0 end
        if (redis.call('HGET', KEYS[2], 'epoch') or '') ~= ARGV[8] or tonumber(redis.call('HGET', KEYS[2], 'offset') or '0') < tonumber(ARGV[4]) then return 0 end
        if ARGV[7] ~= '' and redis.call('HGET', KEYS[2], 'last') ~= ARGV[7] then return 0 end
        if ARGV[9] == '1' then return 1 end
        redis.call('XTRIM', KEYS[1], 'MINID', ARGV[6])
        redis.call('HSET', KEYS[2], 'committed', ARGV[3], 'committed_offset', ARGV[4])
        if ARGV[5] ~= '' then redis.call('HSET', KEYS[2], 'committed_position', ARGV[5]) end
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
        if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('HEXISTS', KEYS[2], 'id') == 1 then return 0 end
        local entry = {}
        local fields = tonumber(ARGV[4])
        for i = 5, 4 + fields do entry[#entry + 1] = ARGV[i] end
        redis.call('XADD', KEYS[1], ARGV[1], unpack(entry))
        redis.call('HSET', KEYS[2], 'id', ARGV[2], 'last', ARGV[1], 'offset', ARGV[3], 'committed_offset', ARGV[3])
        for i = 5 + fields, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    // Lets a log that was rolled back go on behind the lake, at an empty entry, unless something has changed since it was read. Whoever appends or commits meanwhile is refused.
    public const string Rejoin =
        EvenWhenFull +
        """
        local function field(name) return redis.call('HGET', KEYS[2], name) or '' end
        if field('id') ~= ARGV[1] or field('last') ~= ARGV[2] or field('epoch') ~= ARGV[3] or field('committed') ~= ARGV[4] then return 0 end
        local fields = tonumber(ARGV[12])
        if fields > 0 then
          local entry = {}
          for i = 13, 12 + fields do entry[#entry + 1] = ARGV[i] end
          redis.call('XADD', KEYS[1], ARGV[5], unpack(entry))
          redis.call('HSET', KEYS[2], 'last', ARGV[5])
        end
        redis.call('HSET', KEYS[2], 'epoch', ARGV[6], 'committed', ARGV[7], 'committed_offset', ARGV[8])
        if ARGV[9] ~= '' then redis.call('HSET', KEYS[2], 'committed_position', ARGV[9]) end
        if ARGV[10] ~= '' then redis.call('HSET', KEYS[2], 'rejoin_from', ARGV[10], 'rejoin_to', ARGV[11]) end
        for i = 13 + fields, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;
}
