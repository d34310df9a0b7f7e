namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record FlowCreate(string Name, IReadOnlyList<string> Tags);
