using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Archiving;

namespace Pipeline.Scheduling.Prefect;

/// <summary>
/// Enters the runs that a Prefect server orders in the history of the lake, too: <c>pipeline runs</c> tells of all runs, whoever ordered them. Each attempt
/// is an entry. As with the embedded schedule no run waits for the database.
/// </summary>
internal sealed class RecordedRuns : IWindowRun, IDisposable
{
    private readonly ScheduleStore _store;
    private readonly TimeSpan _keep;
    private readonly RunKeeper _keeper;

    public RecordedRuns(IWindowRun run, ScheduleOptions options, ScheduleStats stats, TimeProvider time, ILogger<RecordedRuns> logger)
    {
        _store = new ScheduleStore(options, stats, time, logger);
        _keep = options.KeepOrDefault;
        // How a run ended is the worker's to say, who has its name on the server.
        _keeper = new RunKeeper(run, _store, stats, WriterLease.NewToken(), time, NullLogger.Instance);
    }

    public async Task<RunReport> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        _store.Tidy(_keep);
        var plan = RunPlan.For(request.Trigger, request.Scheduled, request.Drain, TimeSpan.Zero);
        var report = await _keeper.RunAsync(
            plan with
            {
                First = plan.First with { Attempt = request.Attempt, FlowRun = request.RunId },
                Limit = request.Limit,
                Progress = request.Progress,
            },
            cancellationToken);
        // The first run in a new lake makes the folder that the database goes to.
        _store.Settle();
        return report;
    }

    public void Dispose() => _store.Dispose();
}
