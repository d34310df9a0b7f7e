using System.Text.Json.Nodes;

namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="Version">Tells one definition from another: what people change on the server stays until ours changes.</param>
/// <param name="Parameters">What every run is started with.</param>
internal sealed record DeploymentCreate(
    string Name,
    Guid FlowId,
    string WorkPoolName,
    string Description,
    IReadOnlyList<string> Tags,
    IReadOnlyList<DeploymentScheduleCreate> Schedules,
    int ConcurrencyLimit,
    ConcurrencyOptions ConcurrencyOptions,
    JsonObject Parameters,
    JsonObject ParameterOpenapiSchema,
    string Version)
{
    public bool Paused { get; init; }
}
