using System.Text.Json.Serialization;

namespace Pipeline.Scheduling.Prefect.Wire;

/// <summary>What travels between worker and server. What a newer server adds is passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FlowCreate))]
[JsonSerializable(typeof(Flow))]
[JsonSerializable(typeof(WorkPoolCreate))]
[JsonSerializable(typeof(WorkPool))]
[JsonSerializable(typeof(DeploymentCreate))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(ScheduledRunsQuery))]
[JsonSerializable(typeof(List<ScheduledRun>))]
[JsonSerializable(typeof(FlowRunsQuery))]
[JsonSerializable(typeof(List<FlowRun>))]
[JsonSerializable(typeof(FlowRunUpdate))]
[JsonSerializable(typeof(WorkersQuery))]
[JsonSerializable(typeof(List<Worker>))]
[JsonSerializable(typeof(SetState))]
[JsonSerializable(typeof(StateAnswer))]
[JsonSerializable(typeof(TaskRunCreate))]
[JsonSerializable(typeof(TaskRun))]
[JsonSerializable(typeof(List<LogCreate>))]
[JsonSerializable(typeof(ArtifactCreate))]
[JsonSerializable(typeof(LeaseRenewal))]
[JsonSerializable(typeof(string))]
internal sealed partial class PrefectJson : JsonSerializerContext;
