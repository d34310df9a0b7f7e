using System.Text.Json.Nodes;

namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="Type">What kind of worker serves it.</param>
/// <param name="BaseJobTemplate">What people may set for a job: nothing, as our worker is one.</param>
internal sealed record WorkPoolCreate(string Name, string Type, string Description, JsonObject BaseJobTemplate);
