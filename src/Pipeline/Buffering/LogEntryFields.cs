using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>The fields of a stream entry that holds a record batch.</summary>
internal static class LogEntryFields
{
    private const string Frame = "z";
    private const string Count = "n";
    private const string Offset = "o";
    private const string Position = "p";
    private const string LogId = "i";
    private const string End = "e";
    private const string MayRepeat = "r";

    /// <summary>Names and values in turn, as XADD takes them.</summary>
    public static RedisValue[] Of(LogEntry entry) =>
    [
        LogId, entry.LogId, Offset, entry.Offset, Count, entry.Count,
        .. entry.Position is { } position ? new RedisValue[] { Position, position.ToString() } : [],
        .. entry.IsEnd ? new RedisValue[] { End, 1 } : [],
        .. entry.MayRepeat ? new RedisValue[] { MayRepeat, 1 } : [],
        Frame, entry.Frame,
    ];

    /// <exception cref="LogException">The entry is no record batch.</exception>
    public static LogEntry Parse(StreamEntry entry, RedisKey stream)
    {
        var position = entry[Position];
        if (entry[LogId].IsNull || entry[Count].IsNull || entry[Offset].IsNull)
        {
            throw new LogException(
                $"Entry {entry.Id} of Redis stream {stream} is no record batch: it was written by another program or another version " +
                "of the pipeline. Give this pipeline a log of its own (--log).");
        }

        return new LogEntry(
            LogEntryId.Parse(entry.Id),
            entry[LogId].ToString(),
            (long)entry[Offset],
            (int)entry[Count],
            position.IsNull ? null : SourcePosition.Parse(position.ToString()),
            !entry[End].IsNull,
            !entry[MayRepeat].IsNull,
            entry[Frame]);
    }
}
