namespace Pipeline.Monitoring.StatusPage;

/// <summary>What has been written to the lake since the start.</summary>
/// <param name="CompleteTo">The log time up to which the lake is complete; null before the first window.</param>
/// <param name="Lost">Records that the log should have held and did not.</param>
/// <param name="Next">When the next run is due; null while the schedule is paused.</param>
/// <param name="Paused">Since when the schedule is paused; null when it is not.</param>
/// <param name="Runs">The last ones, the newest first.</param>
/// <param name="Newest">The newest files, the newest first.</param>
internal sealed record WriterStatus(
    DateTimeOffset? CompleteTo, long Rows, long Files, long Bytes, long Lost, DateTimeOffset? Next, DateTimeOffset? Paused, IReadOnlyList<RunLine> Runs,
    IReadOnlyList<FileLine> Newest);
