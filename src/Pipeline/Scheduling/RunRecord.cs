namespace Pipeline.Scheduling;

/// <summary>One attempt at a run, as the history holds it.</summary>
/// <param name="Id">Eight letters and digits.</param>
/// <param name="Scheduled">When it was due.</param>
/// <param name="Finished">Null while it is running.</param>
/// <param name="Attempt">1 for the first of its scheduled time.</param>
/// <param name="Outcome">Null while it is running.</param>
/// <param name="Windows">The windows it wrote.</param>
/// <param name="Error">What went wrong, in one line.</param>
/// <param name="CanHeal">True when a failure may pass by itself.</param>
/// <param name="Missed">Scheduled times since the run before that had none of their own: this run took their windows.</param>
/// <param name="RetryOf">The run that this one repeats because somebody asked for it.</param>
/// <param name="Program">The process that ran it.</param>
internal sealed record RunRecord(
    string Id,
    RunTrigger Trigger,
    DateTimeOffset Scheduled,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    int Attempt,
    RunOutcome? Outcome,
    IReadOnlyList<WindowReport> Windows,
    string? Error,
    bool CanHeal,
    long Missed,
    string? RetryOf,
    string Program)
{
    /// <summary>The flow run of a Prefect server that it belongs to; its attempts are several runs of one flow run. Default: none.</summary>
    public string? FlowRun { get; init; }

    public TimeSpan? Duration => Finished - Started;

    /// <summary>True when it did not do what it was there for.</summary>
    public bool HasFailed => Outcome is RunOutcome.Failed or RunOutcome.TimedOut or RunOutcome.Crashed;

    /// <summary>Rows of all tables and windows.</summary>
    public long Rows => Windows.Sum(w => w.Rows.Values.Sum());

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Windows.Sum(w => w.Bytes.Values.Sum());

    /// <summary>The same run when it is over.</summary>
    public RunRecord End(RunReport report, DateTimeOffset finished) => this with
    {
        Finished = finished,
        Outcome = report.Outcome,
        Windows = report.Windows,
        Error = report.Error,
        CanHeal = report.CanHeal,
    };
}
