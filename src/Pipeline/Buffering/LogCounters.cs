using Pipeline.Events;

namespace Pipeline.Buffering;

/// <summary>
/// The names of the counters in a log's state hash. As long as the state hash itself was never lost: appended + rejected =
/// committed (rejected included) + repeated + still in the log + lost; a corrupt batch is committed as one.
/// </summary>
public static class LogCounters
{
    public const string SkippedDuplicate = "skipped:duplicate";

    /// <summary>Records that were appended and are neither in the lake nor in the log. They are fetched again while the source has them.</summary>
    public const string Lost = "lost:records";

    /// <summary>
    /// Events taken after a loss that are no younger than where the log had ended: those that were lost, and a few that the lake had
    /// (<see cref="Repeated"/>) or that came late.
    /// </summary>
    public const string Refetched = "refetched:records";

    /// <summary>Records that Redis had acknowledged and forgot in a crash, with the counters that spoke of them.</summary>
    public const string Forgotten = "forgotten:records";

    /// <summary>Fetched again although the lake had them: the writer dropped them.</summary>
    public const string Repeated = "repeated:records";

    /// <summary>
    /// Rows of the lake that a rolled back log had forgotten, less the records that it still held of them. With it: appended + rejected + adopted =
    /// committed + repeated + still in the log + lost.
    /// </summary>
    public const string Adopted = "adopted:records";

    /// <summary>Source time that was asked for and not given, in seconds.</summary>
    public const string GapSeconds = "gap:seconds";

    /// <summary>Ballast keys that Redis evicted.</summary>
    public const string BallastEvicted = "ballast:evicted";

    private static readonly string[] _appended = [.. EventTypes.All.Select(t => $"appended:{t.Name()}")];
    private static readonly string[] _rejected = [.. Enumerable.Range(0, 7).Select(r => $"rejected:{((RejectReason)r).Name()}")];

    public static string Appended(EventType type) => _appended[(int)type];

    public static string Rejected(RejectReason reason) => _rejected[(int)reason];

    /// <summary>For events that are recognised and not archived.</summary>
    public static string Skipped(EventKind kind) => kind switch
    {
        EventKind.Identity => "skipped:identity",
        EventKind.Account => "skipped:account",
        _ => "skipped:other_collection",
    };

    /// <summary>Rows in the lake's table, such as <c>post</c> or <c>rejected</c>.</summary>
    public static string Committed(string table) => $"committed:{table}";
}
