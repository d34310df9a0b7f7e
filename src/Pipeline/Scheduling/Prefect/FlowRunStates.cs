using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Proposes states of flow runs, each once: an answer that was lost is looked up instead of being asked for again blindly.</summary>
internal sealed class FlowRunStates(PrefectApi api, PrefectPatience patience, ILogger<FlowRunStates> logger)
{
    /// <summary>Proposes a state until the server has decided.</summary>
    /// <param name="from">The state that the run is in as far as we know.</param>
    /// <returns>The decision; null when the run is no more.</returns>
    public async Task<StateAnswer?> ProposeAsync(Guid run, State? from, StateCreate state, CancellationToken cancellationToken)
    {
        var transition = Guid.NewGuid();
        var proposal = state with { StateDetails = state.StateDetails with { TransitionId = transition } };
        try
        {
            var answer = await patience.UntilAnsweredAsync(
                token => api.SetFlowRunStateAsync(run, proposal, token), cancellationToken, token => DecidedAsync(run, from, transition, token));

            // A second request for what the first had done, whose answer was lost.
            return answer.Status == AnswerStatus.Reject && answer.State?.StateDetails?.TransitionId == transition
                ? answer with { Status = AnswerStatus.Accept }
                : answer;
        }
        catch (PrefectException e) when (e.IsNotFound)
        {
            logger.LogWarning("Flow run {Run} is no more on the server.", run);
            return null;
        }
    }

    /// <summary>The decision that was already made, as the run's state shows it; null when none was.</summary>
    private async Task<StateAnswer?> DecidedAsync(Guid run, State? from, Guid transition, CancellationToken cancellationToken)
    {
        var now = (await api.ReadFlowRunAsync(run, cancellationToken)).State;
        if (now?.StateDetails?.TransitionId == transition) return new StateAnswer(now, AnswerStatus.Accept, null);
        return from is null || now?.Id == from.Id ? null : new StateAnswer(now, AnswerStatus.Reject, new StateAnswerDetails("The run's state was changed.", null));
    }
}
