using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>What a log says of itself beside its entries: the fields of its state hash, written in the same transactions.</summary>
/// <param name="LogId">The log's random name; null when the log has never been written.</param>
/// <param name="Last">The last entry ever appended.</param>
/// <param name="Offset">How many records were ever appended.</param>
/// <param name="CommittedMs">Everything with a log time below this is in the lake, in ms since the Unix epoch; null before the first commit.</param>
/// <param name="CommittedOffset">The records below this offset are in the lake.</param>
/// <param name="CommittedPosition">The source's position after the last committed record.</param>
/// <param name="Begin">Where the source began, as long as nothing is committed; null for a source that begins at its own beginning.</param>
/// <param name="Epoch">Who appended last: every appender has a random name; empty before the first.</param>
/// <param name="RejoinFromMs">After a rollback (<see cref="LogRejoin"/>): where entries begin that are not committed, in ms since the Unix epoch; null otherwise.</param>
/// <param name="RejoinToMs">Where entries end that may be in the lake already.</param>
/// <param name="Ends">Where sources ended that fed the log before the present one.</param>
/// <param name="Counters">Counts by name: <c>appended:post</c>, <c>rejected:malformed</c>, <c>skipped:identity</c>, <c>committed:post</c>, ...</param>
public sealed record LogState(
    string? LogId,
    LogEntryId? Last,
    long Offset,
    long? CommittedMs,
    long CommittedOffset,
    SourcePosition? CommittedPosition,
    SourcePosition? Begin,
    string Epoch,
    long? RejoinFromMs,
    long? RejoinToMs,
    IReadOnlyList<SourceEnd> Ends,
    IReadOnlyDictionary<string, long> Counters)
{
    internal const string IdField = "id";
    internal const string LastField = "last";
    internal const string OffsetField = "offset";
    internal const string EpochField = "epoch";
    internal const string RunField = "run";
    internal const string CommittedField = "committed";
    internal const string CommittedOffsetField = "committed_offset";
    internal const string CommittedPositionField = "committed_position";
    internal const string BeginField = "begin";
    internal const string RejoinFromField = "rejoin_from";
    internal const string RejoinToField = "rejoin_to";

    public static LogState Parse(HashEntry[] fields)
    {
        var byName = fields.ToDictionary(f => f.Name.ToString(), f => f.Value, StringComparer.Ordinal);
        RedisValue? Field(string name) => byName.TryGetValue(name, out var value) && !value.IsNullOrEmpty ? value : (RedisValue?)null;

        return new LogState(
            Field(IdField)?.ToString(),
            Field(LastField) is { } last ? LogEntryId.Parse(last) : null,
            (long?)Field(OffsetField) ?? 0,
            (long?)Field(CommittedField),
            (long?)Field(CommittedOffsetField) ?? 0,
            Field(CommittedPositionField) is { } position ? SourcePosition.Parse(position.ToString()) : null,
            Field(BeginField) is { } begin ? SourcePosition.Parse(begin.ToString()) : null,
            Field(EpochField)?.ToString() ?? "",
            (long?)Field(RejoinFromField),
            (long?)Field(RejoinToField),
            [.. byName.Where(f => SourceEnd.IsField(f.Key)).Select(f => SourceEnd.Parse(f.Key, f.Value))],
            byName.Where(f => f.Key.Contains(':', StringComparison.Ordinal) && !SourceEnd.IsField(f.Key))
                .ToDictionary(f => f.Key, f => (long)f.Value, StringComparer.Ordinal));
    }
}
