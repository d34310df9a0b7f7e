namespace Pipeline.Commands;

/// <summary>The schedule as <c>pipeline schedule --json</c> shows it.</summary>
/// <param name="Schedule">As it counts now.</param>
/// <param name="Cron">The cron expression, where one can say it.</param>
/// <param name="Setting">What the program was started with.</param>
/// <param name="Changed">When <c>pipeline schedule change</c> put another one in its place.</param>
/// <param name="IsScheduling">True while a program runs from this database.</param>
internal sealed record ScheduleDocument(
    string Schedule,
    string? Cron,
    string? Setting,
    double? WindowSeconds,
    DateTimeOffset? Changed,
    DateTimeOffset? Paused,
    string? PauseReason,
    DateTimeOffset? Next,
    bool IsScheduling,
    string? Program,
    RunDocument? LastRun,
    string Database);
