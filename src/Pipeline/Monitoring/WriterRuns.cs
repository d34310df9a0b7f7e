using Pipeline.Scheduling;

namespace Pipeline.Monitoring;

/// <summary>Stands before the run that every schedule drives, and keeps count of how it goes.</summary>
public sealed class WriterRuns(IWindowRun run, TimeProvider time) : IWindowRun
{
    private readonly long[] _counts = new long[Enum.GetValues<RunOutcome>().Length];
    private long _lastSuccessMs;

    /// <summary>Raised when a run has ended, unless it was told to stop.</summary>
    public event Action<RunReport>? Ended;

    /// <summary>The last run that ended by itself; null before the first.</summary>
    public RunReport? Last { get; private set; }

    /// <summary>When a run last ended without failure, also with nothing to write or left to another writer; null before the first.</summary>
    public DateTimeOffset? LastSuccess => Volatile.Read(ref _lastSuccessMs) is var ms and not 0 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public long Of(RunOutcome outcome) => Volatile.Read(ref _counts[(int)outcome]);

    public async Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var report = await run.RunAsync(request, cancellationToken);
            Count(report);
            return report;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Count(new RunReport(RunOutcome.Failed, [], time.GetElapsedTime(started), e.Message, CanHeal: false));
            throw;
        }
    }

    private void Count(RunReport report)
    {
        Interlocked.Increment(ref _counts[(int)report.Outcome]);
        if (report.Outcome == RunOutcome.Cancelled) return;
        if (report.Outcome is RunOutcome.Written or RunOutcome.Nothing or RunOutcome.Busy) Volatile.Write(ref _lastSuccessMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        Last = report;
        Ended?.Invoke(report);
    }
}
