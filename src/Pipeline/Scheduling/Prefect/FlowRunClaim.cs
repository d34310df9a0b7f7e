using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Takes a flow run that is due from SCHEDULED over PENDING to RUNNING, as far as the server lets it.</summary>
internal sealed class FlowRunClaim(
    PrefectApi api, PrefectPatience patience, FlowRunStates states, PrefectOptions options, TimeProvider time, ILogger<FlowRunClaim> logger)
{
    private readonly string _owner = RunOwner.Self(options.WorkerName).ToString();

    /// <summary>The run as it is now; null when it is no more.</summary>
    public async Task<FlowRun?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await patience.UntilAnsweredAsync(token => api.ReadFlowRunAsync(id, token), cancellationToken);
        }
        catch (PrefectException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Takes the run, and its slot; null when it is not to be had.</summary>
    public async Task<State?> TakeAsync(FlowRun run, CancellationToken cancellationToken)
    {
        var answer = await states.ProposeAsync(run.Id, run.State, new StateCreate(StateTypes.Pending, Message: _owner), cancellationToken);
        if (answer is { Status: AnswerStatus.Accept, State: { } pending })
        {
            // The server lets a completed run be taken again: another worker may have had it between our look and our claim.
            if (await ReadAsync(run.Id, cancellationToken) is not { } claimed) return null;
            if (claimed.RunCount == run.RunCount) return pending;
            await states.ProposeAsync(run.Id, pending, new StateCreate(StateTypes.Completed, "Skipped", "Another worker had it meanwhile."), cancellationToken);
            return null;
        }

        if (answer is not null) logger.LogInformation("Flow run {Run} is not taken: {Reason} It is {State}.", run.Name, answer.Details?.Reason, State.Describe(answer.State));
        return null;
    }

    /// <summary>The server does the retrying; how often and after what pause stands in the parameters.</summary>
    public async Task SetPolicyAsync(FlowRun run, RunParameters parameters, CancellationToken cancellationToken)
    {
        if (run.EmpiricalPolicy?.Retries is not null) return;
        try
        {
            await patience.UntilAnsweredAsync(token => api.UpdateFlowRunAsync(run.Id, new FlowRunUpdate(parameters.Policy), token), cancellationToken);
        }
        catch (PrefectException e)
        {
            logger.LogWarning("Flow run {Run} goes without retries: {Error}", run.Name, e.Message);
        }
    }

    /// <summary>Sets the run to RUNNING when the server finds that it is time; null when it is no longer ours.</summary>
    public async Task<State?> BeginAsync(FlowRun run, State pending, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await states.ProposeAsync(run.Id, pending, new StateCreate(StateTypes.Running, Message: _owner), cancellationToken);
            switch (answer)
            {
                case { Status: AnswerStatus.Accept }:
                    return answer.State;
                case { Status: AnswerStatus.Wait }:
                    await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(answer.Details?.DelaySeconds ?? 1, 0.1, 60)), time, cancellationToken);

                    // The server would let us go on with a run that somebody has cancelled meanwhile.
                    if ((await ReadAsync(run.Id, cancellationToken))?.State is var now && now?.Id != pending.Id) return await LetGoAsync(run, now, cancellationToken);
                    continue;
                default:
                    return await LetGoAsync(run, answer?.State, cancellationToken);
            }
        }
    }

    /// <summary>Leaves a run that does not begin, or does not go on, to whatever somebody made of it.</summary>
    /// <returns>Always null: there is no state to go on in.</returns>
    public async Task<State?> LetGoAsync(FlowRun run, State? now, CancellationToken cancellationToken)
    {
        logger.LogInformation("Flow run {Run} does not begin: it is {State}.", run.Name, State.Describe(now));
        if (now?.Type == StateTypes.Cancelling) await states.ProposeAsync(run.Id, now, new StateCreate(StateTypes.Cancelled, Message: "Cancelled before it began."), cancellationToken);
        return null;
    }
}
