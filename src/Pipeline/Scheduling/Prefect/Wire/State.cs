namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record State(Guid Id, string Type, string? Name, string? Message, StateDetails? StateDetails);
