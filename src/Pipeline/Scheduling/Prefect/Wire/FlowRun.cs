using System.Text.Json.Nodes;

namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="RunCount">How often it was RUNNING.</param>
/// <param name="ExpectedStartTime">When it was due.</param>
/// <param name="NextScheduledStartTime">When it is due now; null when it is not scheduled.</param>
internal sealed record FlowRun(
    Guid Id,
    string Name,
    Guid? DeploymentId,
    string? StateType,
    string? StateName,
    State? State,
    int RunCount,
    DateTimeOffset? ExpectedStartTime,
    DateTimeOffset? NextScheduledStartTime,
    JsonObject? Parameters,
    FlowRunPolicy? EmpiricalPolicy);
