namespace Pipeline.Buffering;

/// <summary>Where a log ends, and so where its source resumes.</summary>
/// <param name="LogId">The log's name for itself.</param>
/// <param name="Last">The last entry; null before the first.</param>
/// <param name="Offset">The next record's offset.</param>
/// <param name="Position">Where the source resumes; null = at its beginning.</param>
/// <param name="StreamExists">False when the next append has to create the stream.</param>
/// <param name="IsEnd">True when the last entry says that the source has ended.</param>
/// <param name="Missing">Records that were appended and not committed, and are in the log no more.</param>
/// <param name="CommittedOffset">The records below this offset are in the lake.</param>
/// <param name="FloorMs">
/// The log time below which everything is in the lake, in ms since the Unix epoch. It lies ahead of the last entry when the open window of a
/// source that has ended was drained: the next entry goes behind it, or no writer would ever look at it.
/// </param>
/// <param name="LookBackLost">
/// True when the stream does not hold what came before its end, though there was something: what the source sends again cannot be recognised
/// by the log alone.
/// </param>
/// <param name="Ends">Where sources ended that fed the log before (<see cref="LogState.Ends"/>).</param>
/// <param name="Epoch">Who appended last (<see cref="LogState.Epoch"/>).</param>
public sealed record LogTail(
    string LogId,
    LogEntryId? Last,
    long Offset,
    SourcePosition? Position,
    bool StreamExists,
    bool IsEnd,
    long Missing,
    long CommittedOffset,
    long FloorMs,
    bool LookBackLost,
    IReadOnlyList<SourceEnd> Ends,
    string Epoch)
{
    /// <summary>
    /// Ends that do not count any more: of records that are <see cref="Missing"/>, or of a source that has ended further on and is in the lake to there.
    /// </summary>
    public IEnumerable<SourceEnd> StaleEnds => Ends.Where(e =>
        (Missing > 0 && e.Offset > CommittedOffset)
        || Ends.Any(later => later.Position.Source == e.Position.Source && later.Position.Value > e.Position.Value && later.Offset <= CommittedOffset));

    /// <summary>The log time that the next entry is at or behind, in ms since the Unix epoch.</summary>
    public long ReachedMs => Math.Max(Last?.Ms ?? 0, FloorMs);

    /// <summary>Where a source ended that fed the log before the present one; null when none of that name did.</summary>
    public SourcePosition? EndOf(string source) =>
        Ends.Except(StaleEnds).Where(e => e.Position.Source == source).OrderBy(e => e.Position.Value).Select(e => (SourcePosition?)e.Position).LastOrDefault();
}
