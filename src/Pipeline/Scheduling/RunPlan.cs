namespace Pipeline.Scheduling;

/// <summary>A run that <see cref="RunKeeper"/> is to have done.</summary>
/// <param name="First">The first attempt; when it started and by whom is filled in.</param>
/// <param name="Drain">True to write the open window as well, where the source has ended.</param>
/// <param name="Interval">The time between two scheduled runs, which the pauses between attempts depend on.</param>
internal sealed record RunPlan(RunRecord First, bool Drain, TimeSpan Interval)
{
    /// <summary>Longest that an attempt may take. Default: no limit.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Hears of each window of an attempt. Default: nobody.</summary>
    public IRunProgress? Progress { get; init; }

    /// <summary>True to wait for another writer that is at it, false to leave it the work.</summary>
    public bool WaitWhileBusy { get; init; }

    /// <summary>Whether there is another attempt after one that failed, given when it would begin. Asked when the one before has failed, and again when its time has come. Default: none.</summary>
    public Func<DateTimeOffset, RunReport, int, bool> MayRetry { get; init; } = (_, _, _) => false;

    /// <summary>A plan for a run that nobody has begun.</summary>
    public static RunPlan For(RunTrigger trigger, DateTimeOffset scheduled, bool drain, TimeSpan interval) =>
        new(new RunRecord(RunKeeper.NewId(), trigger, scheduled, scheduled, null, 1, null, [], null, false, 0, null, ""), drain, interval);

    /// <summary>The same plan for a run that repeats another.</summary>
    public RunPlan Repeating(RunRecord run) =>
        this with { First = First with { Trigger = RunTrigger.Retry, Scheduled = run.Scheduled, Attempt = run.Attempt + 1, RetryOf = run.Id } };
}
