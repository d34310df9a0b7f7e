using Pipeline.Archiving;

namespace Pipeline.Scheduling;

/// <summary>Has <see cref="LakeWriter"/> write what is closed, and says how it went.</summary>
public sealed class WindowRun(LakeWriter writer, TimeProvider time) : IWindowRun
{
    private int _running;

    public async Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        // The writer's lease keeps two programs apart, not two runs of one.
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            return new RunReport(RunOutcome.Busy, [], TimeSpan.Zero, "Another run of this program is at it.", CanHeal: true);
        }

        try
        {
            return await RunAloneAsync(request, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<RunReport> RunAloneAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var windows = new RunWindows(request.Progress);
        RunReport Report(RunOutcome outcome, string? error = null, bool canHeal = false, Exception? cause = null) =>
            new(outcome, windows.Written, time.GetElapsedTime(started), error, canHeal) { Cause = cause };

        using var limit = new CancellationTokenSource(request.Limit ?? Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            if (!await writer.WriteClosedWindowsAsync(request.Drain, windows, stop.Token))
            {
                return Report(RunOutcome.Busy, "Another writer holds the lease of the log.", canHeal: true);
            }

            return Report(windows.Written.Count > 0 ? RunOutcome.Written : RunOutcome.Nothing);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && (e is OperationCanceledException || RunFailure.IsExpected(e)))
        {
            return Report(RunOutcome.Cancelled, "Told to stop.", canHeal: true, e);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            return Report(RunOutcome.TimedOut, TimedOut(request.Limit!.Value, windows), canHeal: true, e);
        }
        catch (Exception e) when (RunFailure.IsExpected(e))
        {
            return Report(RunOutcome.Failed, RunFailure.Describe(e), RunFailure.CanHeal(e), e);
        }
    }

    /// <summary>A run that gets no window done leaves the next one nothing to go on from: that may go on for ever.</summary>
    private static string TimedOut(TimeSpan limit, RunWindows windows) => windows is { Any: false, First: { } window }
        ? $"Stopped after {limit}, the limit of a run, before its first window ({window}) was done: the next run begins that one anew. If it ends so again, nothing is written any more and the log grows: " +
            "raise --run-limit (with Prefect, timeout_seconds), and see why the lake's disk or this machine is slow."
        : $"Not done after {limit}: stopped. What is not committed is still in the log.";
}
