namespace Pipeline.Scheduling;

/// <summary>When runs are due, how long they may take, and where that is kept.</summary>
/// <param name="Schedule">When runs are due, as long as <c>pipeline schedule change</c> says nothing else.</param>
/// <param name="Window">Log time that a window covers.</param>
/// <param name="Database">Path of the database.</param>
internal sealed record ScheduleOptions(Schedule Schedule, TimeSpan Window, string Database)
{
    // A run that takes longer than a short window is late; one that is stopped again and again would never get anywhere.
    private static readonly TimeSpan _leastLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long runs stay in the history; null (default) = a single run forgets none, and a program that goes on keeps them 30 days.</summary>
    public TimeSpan? Keep { get; init; }

    /// <summary>How long a program that goes on keeps runs.</summary>
    public TimeSpan KeepOrDefault => Keep ?? TimeSpan.FromDays(30);

    /// <summary>Longest that a run may take. Default 80% of the window, which is 4 of 5 minutes, and not less than 30 s.</summary>
    public TimeSpan Limit { get; init; } = Window * 0.8 > _leastLimit ? Window * 0.8 : _leastLimit;

    /// <summary>True when the database lies in the lake's own folder, which only the writer makes.</summary>
    public bool IsInLake { get; init; }

    /// <summary>The schedule that counts: what people changed it to, or <see cref="Schedule"/>.</summary>
    public Schedule ScheduleOf(ScheduleState state) =>
        state.ChangedTo is { } text && Schedule.TryParse(text, Window, out _) is { } changed ? changed : Schedule;
}
