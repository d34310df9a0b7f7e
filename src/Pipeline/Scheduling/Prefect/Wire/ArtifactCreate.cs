namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record ArtifactCreate(string Key, string Type, string Description, string Data, Guid FlowRunId);
