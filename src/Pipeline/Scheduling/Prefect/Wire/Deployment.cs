namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record Deployment(Guid Id, string Name, Guid FlowId, string? Version, string? WorkPoolName, bool Paused);
