using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Finds the runs of workers that are no more: the server would keep them, and their slot, for good.</summary>
internal sealed class Orphans(PrefectApi api, FlowRunStates states, PrefectOptions options, TimeProvider time, ILogger<Orphans> logger)
{
    private const int Most = 200;
    private static readonly string[] _held = [StateTypes.Pending, StateTypes.Running, StateTypes.Cancelling];

    // Kept for the worker that failed: the server gives them to no other.
    private static readonly string[] _retried = ["AwaitingRetry", "Rescheduled"];

    private readonly RunOwner _self = RunOwner.Self(options.WorkerName);

    /// <summary>Takes them over.</summary>
    /// <returns>Runs to be run again, and when.</returns>
    public async Task<IReadOnlyList<(Guid Run, DateTimeOffset Due)>> TakeAsync(Guid deployment, CancellationToken cancellationToken)
    {
        var taken = new List<(Guid, DateTimeOffset)>();
        foreach (var run in await ReadAsync(deployment, new StateFilter(Name: new AnyOf<string>(_retried)), cancellationToken))
        {
            if (run.StateType == StateTypes.Scheduled) taken.Add((run.Id, run.NextScheduledStartTime ?? time.GetUtcNow()));
        }

        var held = await ReadAsync(deployment, new StateFilter(Type: new AnyOf<string>(_held)), cancellationToken);
        if (held.Count == 0) return taken;
        var online = (await api.ReadWorkersAsync(options.WorkPool, cancellationToken)).Where(w => w.Status == "ONLINE").Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var run in held)
        {
            if (RunOwner.Parse(run.State?.Message) is not { } owner)
            {
                // The message of CANCELLING is the server's; the run was taken by a worker that may live.
                if (run.StateType == StateTypes.Cancelling && online.All(w => w == options.WorkerName)) await CancelAsync(run, cancellationToken);
                continue;
            }

            if (!owner.IsGone(_self, online)) continue;
            if (await RescheduleAsync(run, owner, cancellationToken)) taken.Add((run.Id, time.GetUtcNow()));
        }

        return taken;
    }

    private Task<List<FlowRun>> ReadAsync(Guid deployment, StateFilter state, CancellationToken cancellationToken) => api.ReadFlowRunsAsync(
        new FlowRunsQuery(new DeploymentsFilter(new AnyOf<Guid>([deployment])), new FlowRunsFilter(state), Most), cancellationToken);

    private async Task<bool> RescheduleAsync(FlowRun run, RunOwner owner, CancellationToken cancellationToken)
    {
        logger.LogWarning("Flow run {Run} was left {State} by a worker that is gone ({Worker}): it is run again.", run.Name, run.StateName, owner.Worker);
        var state = new StateCreate(StateTypes.Scheduled, "Rescheduled", $"The worker that had it is gone: {owner}")
        {
            StateDetails = new StateDetails(ScheduledTime: time.GetUtcNow()),
        };
        return await states.ProposeAsync(run.Id, run.State, state, cancellationToken) is { Status: AnswerStatus.Accept };
    }

    private async Task CancelAsync(FlowRun run, CancellationToken cancellationToken)
    {
        logger.LogWarning("Flow run {Run} was being cancelled by a worker that is gone.", run.Name);
        await states.ProposeAsync(run.Id, run.State, new StateCreate(StateTypes.Cancelled, Message: "Its worker was gone."), cancellationToken);
    }
}
