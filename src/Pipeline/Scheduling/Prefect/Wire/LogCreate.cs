namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="Level">As Python counts: 10 debug, 20 information, 30 warning, 40 error, 50 critical.</param>
internal sealed record LogCreate(string Name, int Level, string Message, DateTimeOffset Timestamp, Guid FlowRunId);
