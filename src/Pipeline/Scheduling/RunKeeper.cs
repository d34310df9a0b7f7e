using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Pipeline.Buffering;

namespace Pipeline.Scheduling;

/// <summary>Has runs done, tried again where that may help, and entered in the history.</summary>
internal sealed class RunKeeper(
    IWindowRun run, ScheduleStore store, ScheduleStats stats, string program, TimeProvider time, ILogger logger)
{
    private const string IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    private static readonly TimeSpan _busyPause = TimeSpan.FromSeconds(1);

    /// <summary>The id of a new run.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdLetters, 8);

    /// <summary>Runs once, and again after failures that may pass, as far as the plan allows.</summary>
    /// <returns>How the last attempt ended.</returns>
    public async Task<RunReport> RunAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        for (var (record, attempt) = (plan.First, plan.First.Attempt); ; attempt++, record = plan.First with { Id = NewId(), Missed = 0 })
        {
            record = record with { Started = time.GetUtcNow(), Attempt = attempt, Program = program };
            var report = await AttemptAsync(record, plan, cancellationToken);
            if (report.Succeeded || report.Outcome is RunOutcome.Cancelled or RunOutcome.Busy) return report;
            var pause = RetryDelay.After(attempt, plan.Interval);
            var again = report.CanHeal && plan.MayRetry(time.GetUtcNow() + pause, report, attempt);
            logger.LogError(
                "Run {Id} {What}: {Error}{Next}",
                record.Id,
                report.Outcome == RunOutcome.TimedOut ? "was stopped" : "failed",
                report.Error,
                again ? $" Trying again in {Quantity.Format(pause)}." : report.Cause is LostRecordsException ? "" : " The log keeps what is not written.");
            if (!again) return report;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return report;
            if (plan.MayRetry(time.GetUtcNow(), report, attempt)) continue;
            logger.LogInformation("Run {Id} is not tried again: the schedule was paused, or the next run is due.", record.Id);
            return report;
        }
    }

    private async Task<RunReport> AttemptAsync(RunRecord record, RunPlan plan, CancellationToken cancellationToken)
    {
        store.Save(record);
        stats.Started(record);
        RunReport? report = null;
        try
        {
            var request = new RunRequest(record.Id, record.Trigger, record.Scheduled, record.Attempt, plan.Drain) { Limit = plan.Limit, Progress = plan.Progress };
            while (true)
            {
                report = await run.RunAsync(request, cancellationToken);
                if (report.Outcome != RunOutcome.Busy || !plan.WaitWhileBusy || cancellationToken.IsCancellationRequested) return report;
                await Task.Delay(_busyPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception e)
        {
            // The program ends with it: its last run should say why.
            report = new RunReport(RunOutcome.Failed, [], time.GetUtcNow() - record.Started, RunFailure.Describe(e), CanHeal: false);
            throw;
        }
        finally
        {
            var ended = record.End(report!, time.GetUtcNow());
            store.Save(ended);
            stats.Ended(ended);
        }
    }
}
