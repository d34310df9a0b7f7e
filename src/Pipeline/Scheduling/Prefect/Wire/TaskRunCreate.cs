namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="TaskKey">What is done.</param>
/// <param name="DynamicKey">What it is done to: the server answers with the task run it has under both keys.</param>
internal sealed record TaskRunCreate(string Name, Guid FlowRunId, string TaskKey, string DynamicKey, IReadOnlyList<string> Tags);
