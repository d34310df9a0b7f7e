namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record WorkPool(Guid Id, string Name, string Type, bool IsPaused);
