using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>Looks at a Prefect server, real or fake, over its API, and does what people do in its UI. Knows nothing of the product.</summary>
/// <param name="api">Such as <c>http://127.0.0.1:4200/api</c>.</param>
public sealed class PrefectProbe(string api) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(api.TrimEnd('/') + "/") };

    public Task<JsonNode> DeploymentAsync(string flow, string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"deployments/name/{flow}/{name}", null, cancellationToken);

    public Task<JsonNode> FlowRunAsync(Guid run, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, $"flow_runs/{run}", null, cancellationToken);

    public async Task<IReadOnlyList<JsonNode>> FlowRunsAsync(Guid deployment, CancellationToken cancellationToken)
    {
        var filter = new JsonObject { ["deployments"] = new JsonObject { ["id"] = Any(deployment) }, ["limit"] = 200 };
        return [.. (await SendAsync(HttpMethod.Post, "flow_runs/filter", filter, cancellationToken)).AsArray().Select(r => r!)];
    }

    public Task<IReadOnlyList<JsonNode>> LogsAsync(Guid run, CancellationToken cancellationToken) => OfRunAsync("logs", run, cancellationToken);

    public Task<IReadOnlyList<JsonNode>> ArtifactsAsync(Guid run, CancellationToken cancellationToken) => OfRunAsync("artifacts", run, cancellationToken);

    public async Task<IReadOnlyList<JsonNode>> TaskRunsAsync(Guid run, CancellationToken cancellationToken)
    {
        var filter = new JsonObject { ["flow_runs"] = new JsonObject { ["id"] = Any(run) } };
        return [.. (await SendAsync(HttpMethod.Post, "task_runs/filter", filter, cancellationToken)).AsArray().Select(r => r!)];
    }

    /// <summary>"Quick run" or "Custom run".</summary>
    public async Task<Guid> RunAsync(Guid deployment, JsonObject? parameters, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["parameters"] = parameters ?? new JsonObject(), ["state"] = new JsonObject { ["type"] = "SCHEDULED" } };
        return Guid.Parse((string)(await SendAsync(HttpMethod.Post, $"deployments/{deployment}/create_flow_run", body, cancellationToken))["id"]!);
    }

    /// <summary>"Cancel", "Change state".</summary>
    public Task<JsonNode> SetStateAsync(Guid run, JsonObject state, CancellationToken cancellationToken, bool force = false) =>
        SendAsync(HttpMethod.Post, $"flow_runs/{run}/set_state", new JsonObject { ["state"] = state, ["force"] = force }, cancellationToken);

    public Task PauseAsync(Guid deployment, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"deployments/{deployment}/pause_deployment", null, cancellationToken);

    public Task ResumeAsync(Guid deployment, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"deployments/{deployment}/resume_deployment", null, cancellationToken);

    public Task PausePoolAsync(string pool, bool paused, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"work_pools/{pool}", new JsonObject { ["is_paused"] = paused }, cancellationToken);

    /// <summary>Waits until a run is in a state that satisfies.</summary>
    /// <param name="what">Completes "waited for ...".</param>
    public async Task<JsonNode> UntilAsync(string what, Guid run, Func<JsonNode, bool> until, TimeSpan deadline, CancellationToken cancellationToken) =>
        await Eventually.GetAsync(what, () => FlowRunAsync(run, cancellationToken), until, deadline);

    public void Dispose() => _http.Dispose();

    private static JsonObject Any(Guid id) => new() { ["any_"] = new JsonArray(id.ToString()) };

    private async Task<IReadOnlyList<JsonNode>> OfRunAsync(string what, Guid run, CancellationToken cancellationToken)
    {
        var filter = new JsonObject { [what] = new JsonObject { ["flow_run_id"] = Any(run) }, ["limit"] = 200 };
        return [.. (await SendAsync(HttpMethod.Post, $"{what}/filter", filter, cancellationToken)).AsArray().Select(r => r!)];
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? (text.Length == 0 ? null : JsonNode.Parse(text)) ?? new JsonObject()
            : throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"{method} {path} was answered {(int)response.StatusCode}: {text}"));
    }
}
