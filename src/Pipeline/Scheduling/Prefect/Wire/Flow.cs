namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record Flow(Guid Id, string Name);
