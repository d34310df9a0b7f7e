using Microsoft.Extensions.Logging;
using Pipeline.Scheduling;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>Has closed windows written in close succession, without a schedule and its database: for tests of everything else.</summary>
internal sealed class WriteLoop(IWindowRun run, TimeSpan interval, TimeProvider time, ILogger<WriteLoop> logger)
{
    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var request = new RunRequest(Guid.NewGuid().ToString("N"), RunTrigger.Schedule, time.GetUtcNow(), Attempt: 1, Drain: false);
            var report = await run.RunAsync(request, cancellationToken);
            if (report.Outcome == RunOutcome.Failed)
            {
                logger.LogError("No window was written: {Error} Trying again in {Interval}.", report.Error, Quantity.Format(interval));
            }

            await Task.Delay(interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
