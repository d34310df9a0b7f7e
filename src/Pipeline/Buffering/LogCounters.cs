using Pipeline.Events;

namespace Pipeline.Buffering;

/// <summary>
/// The names of the counters in a log's state hash. For every log: appended + rejected = committed (rejected included) + still in the
/// log + lost.
/// </summary>
public static class LogCounters
{
    public const string SkippedDuplicate = "skipped:duplicate";

    /// <summary>Records that were appended and are neither in the lake nor in the log.</summary>
    public const string Lost = "lost:records";

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
