using Microsoft.Extensions.Logging;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary>Has closed windows written at an interval. What fails is tried again: nothing is lost as long as the log holds it.</summary>
internal sealed class WriteLoop(IWindowRun run, TimeSpan interval, TimeProvider time, ILogger<WriteLoop> logger)
{
    /// <summary>Writes what is closed; waits for another writer that is at it.</summary>
    public async Task OnceAsync(bool drain, CancellationToken cancellationToken)
    {
        while (true)
        {
            var report = await RunOnceAsync(RunTrigger.Manual, drain, cancellationToken);
            report.ThrowIfFailed();
            if (report.Outcome != RunOutcome.Busy) return;
            await Task.Delay(interval, time, cancellationToken);
        }
    }

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(bool drain, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var report = await RunOnceAsync(RunTrigger.Schedule, drain, cancellationToken);
            if (report.Outcome == RunOutcome.Failed)
            {
                logger.LogError("No window was written: {Error} Trying again in {Interval}.", report.Error, Quantity.Format(interval));
            }

            await Task.Delay(interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<RunReport> RunOnceAsync(RunTrigger trigger, bool drain, CancellationToken cancellationToken) =>
        run.RunAsync(new RunRequest(Guid.NewGuid().ToString("N"), trigger, time.GetUtcNow(), Attempt: 1, drain), cancellationToken);
}
