namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="TransitionId">The proposer's own: the server does not make the same transition twice.</param>
/// <param name="DeploymentConcurrencyLeaseId">The slot that the run holds, to be renewed.</param>
internal sealed record StateDetails(
    Guid? TransitionId = null, DateTimeOffset? ScheduledTime = null, Guid? DeploymentConcurrencyLeaseId = null);
