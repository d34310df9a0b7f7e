using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>The part of Prefect 3's REST API that a worker needs. Every method makes one request; <see cref="PrefectPatience"/> repeats them.</summary>
internal sealed class PrefectApi : IDisposable
{
    // By this a server knows a client that renews the leases of its slots; from any other it takes them back.
    private const string UserAgent = "prefect/3.4.11 (API 0.8.4)";
    private const string ApiVersion = "0.8.4";
    private const int ShownOfAnswer = 300;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public PrefectApi(PrefectOptions options, TimeProvider time)
    {
        _time = time;
        // Credentials go to this address and no other.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.Answer };
        _http = new HttpClient(handler) { BaseAddress = options.Api, Timeout = options.Answer };
        _http.DefaultRequestHeaders.Authorization = options.Credentials.Header;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
        _http.DefaultRequestHeaders.Add("x-prefect-api-version", ApiVersion);
    }

    public Uri Address => _http.BaseAddress!;

    public Task<string> VersionAsync(CancellationToken cancellationToken) => GetAsync("admin/version", PrefectJson.Default.String, cancellationToken);

    public Task<Flow> CreateFlowAsync(FlowCreate flow, CancellationToken cancellationToken) =>
        PostAsync("flows/", flow, PrefectJson.Default.FlowCreate, PrefectJson.Default.Flow, cancellationToken);

    public Task<WorkPool> ReadWorkPoolAsync(string name, CancellationToken cancellationToken) =>
        GetAsync($"work_pools/{Escape(name)}", PrefectJson.Default.WorkPool, cancellationToken);

    public Task<WorkPool> CreateWorkPoolAsync(WorkPoolCreate pool, CancellationToken cancellationToken) =>
        PostAsync("work_pools/", pool, PrefectJson.Default.WorkPoolCreate, PrefectJson.Default.WorkPool, cancellationToken);

    public Task<Deployment> ReadDeploymentAsync(string flow, string name, CancellationToken cancellationToken) =>
        GetAsync($"deployments/name/{Escape(flow)}/{Escape(name)}", PrefectJson.Default.Deployment, cancellationToken);

    public Task<Deployment> CreateDeploymentAsync(DeploymentCreate deployment, CancellationToken cancellationToken) =>
        PostAsync("deployments/", deployment, PrefectJson.Default.DeploymentCreate, PrefectJson.Default.Deployment, cancellationToken);

    public Task HeartbeatAsync(string pool, Heartbeat heartbeat, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"work_pools/{Escape(pool)}/workers/heartbeat", heartbeat, PrefectJson.Default.Heartbeat, cancellationToken);

    public Task<List<Worker>> ReadWorkersAsync(string pool, CancellationToken cancellationToken) => PostAsync(
        $"work_pools/{Escape(pool)}/workers/filter", new WorkersQuery(200), PrefectJson.Default.WorkersQuery, PrefectJson.Default.ListWorker, cancellationToken);

    public Task<List<ScheduledRun>> ReadScheduledAsync(string pool, ScheduledRunsQuery query, CancellationToken cancellationToken) => PostAsync(
        $"work_pools/{Escape(pool)}/get_scheduled_flow_runs", query, PrefectJson.Default.ScheduledRunsQuery, PrefectJson.Default.ListScheduledRun, cancellationToken);

    public Task<List<FlowRun>> ReadFlowRunsAsync(FlowRunsQuery query, CancellationToken cancellationToken) =>
        PostAsync("flow_runs/filter", query, PrefectJson.Default.FlowRunsQuery, PrefectJson.Default.ListFlowRun, cancellationToken);

    public Task<FlowRun> ReadFlowRunAsync(Guid run, CancellationToken cancellationToken) =>
        GetAsync($"flow_runs/{run}", PrefectJson.Default.FlowRun, cancellationToken);

    public Task UpdateFlowRunAsync(Guid run, FlowRunUpdate update, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"flow_runs/{run}", update, PrefectJson.Default.FlowRunUpdate, cancellationToken);

    public Task<StateAnswer> SetFlowRunStateAsync(Guid run, StateCreate state, CancellationToken cancellationToken) => PostAsync(
        $"flow_runs/{run}/set_state", new SetState(state), PrefectJson.Default.SetState, PrefectJson.Default.StateAnswer, cancellationToken);

    public Task<TaskRun> CreateTaskRunAsync(TaskRunCreate task, CancellationToken cancellationToken) =>
        PostAsync("task_runs/", task, PrefectJson.Default.TaskRunCreate, PrefectJson.Default.TaskRun, cancellationToken);

    public Task<StateAnswer> SetTaskRunStateAsync(Guid task, StateCreate state, CancellationToken cancellationToken) => PostAsync(
        $"task_runs/{task}/set_state", new SetState(state), PrefectJson.Default.SetState, PrefectJson.Default.StateAnswer, cancellationToken);

    public Task CreateLogsAsync(List<LogCreate> logs, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "logs/", logs, PrefectJson.Default.ListLogCreate, cancellationToken);

    public Task CreateArtifactAsync(ArtifactCreate artifact, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "artifacts/", artifact, PrefectJson.Default.ArtifactCreate, cancellationToken);

    public Task RenewLeaseAsync(Guid lease, TimeSpan duration, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post, $"v2/concurrency_limits/leases/{lease}/renew", new LeaseRenewal(duration.TotalSeconds), PrefectJson.Default.LeaseRenewal, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string Escape(string name) => Uri.EscapeDataString(name);

    private async Task<TAnswer> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, response => ReadAsync(request, response, answerType, cancellationToken), cancellationToken);
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        return await SendAsync(request, response => ReadAsync(request, response, answerType, cancellationToken), cancellationToken);
    }

    private async Task SendAsync<TBody>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, bodyType) };
        await SendAsync(request, _ => Task.FromResult(true), cancellationToken);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode) throw await RefusedAsync(request, response, cancellationToken);
            return await read(response);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PrefectException($"{What(request)} was not answered within {_http.Timeout.TotalSeconds:0.#} s.", null, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PrefectException($"{What(request)} could not be sent: {e.Message}", null, e);
        }
    }

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new PrefectException($"{What(request)} was answered by something that is no Prefect 3 server: {e.Message}", HttpStatusCode.OK, e);
        }
    }

    private async Task<PrefectException> RefusedAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = (await response.Content.ReadAsStringAsync(cancellationToken)).ReplaceLineEndings(" ").Trim();
        if (text.Length > ShownOfAnswer) text = $"{text[..ShownOfAnswer]}...";
        return new PrefectException($"{What(request)} was answered {(int)response.StatusCode}{(text.Length > 0 ? $": {text}" : "")}.", response.StatusCode)
        {
            RetryAfter = response.Headers.RetryAfter is { } wish ? wish.Delta ?? wish.Date - _time.GetUtcNow() : null,
        };
    }

    private string What(HttpRequestMessage request) => $"{request.Method} {new Uri(Address, request.RequestUri!).AbsolutePath}";
}
