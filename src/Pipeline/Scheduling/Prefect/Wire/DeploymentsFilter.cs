namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record DeploymentsFilter(AnyOf<Guid> Id);
