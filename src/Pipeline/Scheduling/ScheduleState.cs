namespace Pipeline.Scheduling;

/// <summary>What the schedule's database says of the schedule: the same to every program that uses it.</summary>
/// <param name="Setting">The schedule that the last program was started with.</param>
/// <param name="Window">The window that it was started with.</param>
/// <param name="ChangedTo">What <c>pipeline schedule change</c> put in the setting's place; null when nothing did.</param>
/// <param name="Changed">When it did.</param>
/// <param name="Paused">Since when no run is due; null when it is not paused.</param>
/// <param name="CountedFrom">Scheduled times up to here are not missed: the schedule was paused, or another.</param>
/// <param name="Program">The process that scheduled last.</param>
internal sealed record ScheduleState(
    string? Setting,
    TimeSpan? Window,
    string? ChangedTo,
    DateTimeOffset? Changed,
    DateTimeOffset? Paused,
    string? PauseReason,
    DateTimeOffset? CountedFrom,
    string? Program)
{
    /// <summary>The schedule's text as it counts now.</summary>
    public string? Text => ChangedTo ?? Setting;
}
