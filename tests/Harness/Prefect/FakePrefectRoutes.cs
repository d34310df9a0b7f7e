using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>What a fake server answers: the part of the API that a worker needs, and what people do in the UI.</summary>
internal sealed class FakePrefectRoutes
{
    private readonly FakePrefectStore _store;
    private readonly FakeFlowRunRules _rules;
    private readonly List<(string Method, Regex Path, Func<string[], JsonNode?, bool, FakeAnswer> Answer)> _routes = [];

    public FakePrefectRoutes(FakePrefectStore store)
    {
        (_store, _rules) = (store, new FakeFlowRunRules(store));
        Add("GET", "/health", (_, _, _) => new FakeAnswer(200, JsonValue.Create(true)));
        Add("GET", "/admin/version", (_, _, _) => new FakeAnswer(200, JsonValue.Create("3.4.11")));
        Add("POST", "/flows/", (_, body, _) => CreateFlow((JsonObject)body!));
        Add("POST", "/work_pools/", (_, body, _) => CreatePool((JsonObject)body!));
        Add("GET", "/work_pools/{0}", (p, _, _) => Pool(p[0], pool => new FakeAnswer(200, pool.DeepClone())));
        Add("PATCH", "/work_pools/{0}", (p, body, _) => Pool(p[0], pool => Patch(pool, (JsonObject)body!)));
        Add("POST", "/work_pools/{0}/workers/heartbeat", (p, body, _) => Pool(p[0], _ => Heartbeat(p[0], body!)));
        Add("POST", "/work_pools/{0}/workers/filter", (p, _, _) => Pool(p[0], pool => Workers(p[0], pool)));
        Add("POST", "/work_pools/{0}/get_scheduled_flow_runs", (p, body, _) => Pool(p[0], pool => Scheduled(pool, body!)));
        Add("POST", "/deployments/", (_, body, _) => CreateDeployment((JsonObject)body!));
        Add("GET", "/deployments/name/{0}/{1}", (p, _, _) => DeploymentOf(p[0], p[1]) is { } d ? new FakeAnswer(200, d.DeepClone()) : FakeAnswer.NotFound("Deployment"));
        Add("GET", "/deployments/{0}", (p, _, _) => Found(_store.Deployments, p[0], d => new FakeAnswer(200, d.DeepClone())));
        Add("DELETE", "/deployments/{0}", (p, _, _) => Found(_store.Deployments, p[0], DeleteDeployment));
        Add("POST", "/deployments/{0}/pause_deployment", (p, _, _) => Found(_store.Deployments, p[0], d => Pause(d, true)));
        Add("POST", "/deployments/{0}/resume_deployment", (p, _, _) => Found(_store.Deployments, p[0], d => Pause(d, false)));
        Add("POST", "/deployments/{0}/create_flow_run", (p, body, _) => Found(_store.Deployments, p[0], d => Run(d, (JsonObject)body!)));
        Add("POST", "/flow_runs/filter", (_, body, _) => new FakeAnswer(200, Copy(FlowRuns((JsonObject)body!))));
        Add("GET", "/flow_runs/{0}", (p, _, _) => Found(_store.FlowRuns, p[0], r => new FakeAnswer(200, r.DeepClone())));
        Add("DELETE", "/flow_runs/{0}", (p, _, _) => Found(_store.FlowRuns, p[0], DeleteFlowRun));
        Add("PATCH", "/flow_runs/{0}", (p, body, _) => Found(_store.FlowRuns, p[0], r => UpdateFlowRun(r, (JsonObject)body!)));
        Add("POST", "/flow_runs/{0}/set_state", (p, body, keeps) => Found(_store.FlowRuns, p[0], r => SetState(r, (JsonObject)body!, keeps)));
        Add("POST", "/task_runs/", (_, body, _) => CreateTaskRun((JsonObject)body!));
        Add("POST", "/task_runs/filter", (_, body, _) => new FakeAnswer(200, Copy(OfRun(_store.TaskRuns, (JsonObject)body!))));
        Add("POST", "/task_runs/{0}/set_state", (p, body, _) => Found(_store.TaskRuns, p[0], t => SetTaskState(t, (JsonObject)body!)));
        Add("POST", "/logs/", (_, body, _) => Store(_store.Logs, body!.AsArray()));
        Add("POST", "/logs/filter", (_, body, _) => new FakeAnswer(200, Copy(OfRun(_store.Logs, (JsonObject)body!))));
        Add("POST", "/artifacts/", (_, body, _) => new FakeAnswer(201, _store.Create(_store.Artifacts, (JsonObject)body!.DeepClone()).DeepClone()));
        Add("POST", "/artifacts/filter", (_, body, _) => new FakeAnswer(200, Copy(OfRun(_store.Artifacts, (JsonObject)body!))));
        Add("POST", "/v2/concurrency_limits/leases/{0}/renew", (p, body, _) => Renew(Guid.Parse(p[0]), body!));
    }

    /// <param name="keepsLeases">True for a client that renews its leases.</param>
    public FakeAnswer Answer(string method, string path, JsonNode? body, bool keepsLeases)
    {
        foreach (var (routeMethod, pattern, answer) in _routes)
        {
            if (routeMethod != method || pattern.Match(path) is not { Success: true } match) continue;
            return answer([.. match.Groups.Values.Skip(1).Select(g => Uri.UnescapeDataString(g.Value))], body, keepsLeases);
        }

        return new FakeAnswer(404, new JsonObject { ["detail"] = "Not Found" });
    }

    private void Add(string method, string path, Func<string[], JsonNode?, bool, FakeAnswer> answer) =>
        _routes.Add((method, new Regex($"^{Regex.Replace(path, @"\{\d\}", "([^/]+)")}$", RegexOptions.CultureInvariant), answer));

    private static FakeAnswer Found(List<JsonObject> all, string id, Func<JsonObject, FakeAnswer> answer) =>
        all.Find(d => string.Equals((string?)d["id"], id, StringComparison.OrdinalIgnoreCase)) is { } found ? answer(found) : FakeAnswer.NotFound("Object");

    private FakeAnswer Pool(string name, Func<JsonObject, FakeAnswer> answer) =>
        FakePrefectStore.Named(_store.Pools, name) is { } pool ? answer(pool) : FakeAnswer.NotFound($"Work pool '{name}'");

    private static JsonArray Copy(IEnumerable<JsonObject> documents) => new([.. documents.Select(d => d.DeepClone())]);

    private FakeAnswer CreateFlow(JsonObject body) => FakePrefectStore.Named(_store.Flows, (string)body["name"]!) is { } there
        ? new FakeAnswer(200, there.DeepClone())
        : new FakeAnswer(201, _store.Create(_store.Flows, new JsonObject { ["name"] = (string)body["name"]!, ["tags"] = body["tags"]?.DeepClone() ?? new JsonArray(), ["labels"] = new JsonObject() }).DeepClone());

    private FakeAnswer CreatePool(JsonObject body)
    {
        if (FakePrefectStore.Named(_store.Pools, (string)body["name"]!) is not null) return new FakeAnswer(409, new JsonObject { ["detail"] = "A work pool with this name already exists." });
        return new FakeAnswer(201, _store.Create(_store.Pools, new JsonObject
        {
            ["name"] = (string)body["name"]!,
            ["type"] = (string?)body["type"] ?? "prefect-agent",
            ["description"] = (string?)body["description"],
            ["base_job_template"] = body["base_job_template"]?.DeepClone() ?? new JsonObject(),
            ["is_paused"] = false,
            ["status"] = "NOT_READY",
        }).DeepClone());
    }

    private FakeAnswer Patch(JsonObject document, JsonObject changes)
    {
        foreach (var (key, value) in changes) document[key] = value?.DeepClone();
        document["updated"] = FakeStates.Text(_store.Now);
        return new FakeAnswer(204);
    }

    private FakeAnswer Heartbeat(string pool, JsonNode body)
    {
        var key = (pool, (string)body["name"]!);
        var id = _store.Workers.TryGetValue(key, out var known) ? known.Id : Guid.NewGuid();
        _store.Workers[key] = (id, _store.Now, (int?)body["heartbeat_interval_seconds"] ?? 30);
        FakePrefectStore.Named(_store.Pools, pool)!["status"] = "READY";
        return new FakeAnswer(204);
    }

    private FakeAnswer Workers(string pool, JsonObject document) => new(200, Copy(_store.Workers.Where(w => w.Key.Pool == pool).Select(w => new JsonObject
    {
        ["id"] = w.Value.Id.ToString(),
        ["created"] = FakeStates.Text(w.Value.Seen),
        ["updated"] = FakeStates.Text(w.Value.Seen),
        ["name"] = w.Key.Name,
        ["work_pool_id"] = (string)document["id"]!,
        ["last_heartbeat_time"] = FakeStates.Text(w.Value.Seen),
        ["heartbeat_interval_seconds"] = w.Value.Interval,
        ["status"] = w.Value.Seen + TimeSpan.FromSeconds(3 * w.Value.Interval) > _store.Now ? "ONLINE" : "OFFLINE",
    })));

    private FakeAnswer Scheduled(JsonObject pool, JsonNode body)
    {
        var runs = _store.Scheduled(pool, FakeStates.Time((string?)body["scheduled_before"])).Take((int?)body["limit"] ?? 200);
        return new FakeAnswer(200, Copy(runs.Select(r =>
        {
            // The real one leaves the state out here.
            var run = (JsonObject)r.DeepClone();
            run["state"] = null;
            return new JsonObject { ["work_pool_id"] = (string)pool["id"]!, ["work_queue_id"] = (string)pool["id"]!, ["flow_run"] = run };
        })));
    }

    private JsonObject? DeploymentOf(string flow, string name) => FakePrefectStore.Named(_store.Flows, flow) is { } f
        ? _store.Deployments.Find(d => (string?)d["flow_id"] == (string?)f["id"] && (string?)d["name"] == name)
        : null;

    private FakeAnswer CreateDeployment(JsonObject body)
    {
        if ((string?)body["work_pool_name"] is { } pool && FakePrefectStore.Named(_store.Pools, pool) is null) return FakeAnswer.NotFound($"Work pool \"{pool}\"");
        if (FakePrefectStore.Find(_store.Flows, (string)body["flow_id"]!) is null) return FakeAnswer.NotFound("Flow");
        var there = _store.Deployments.Find(d => (string?)d["flow_id"] == (string?)body["flow_id"] && (string?)d["name"] == (string?)body["name"]);
        var document = (JsonObject)body.DeepClone();
        document["paused"] ??= false;
        document["id"] = there?["id"]?.DeepClone() ?? JsonValue.Create(Guid.NewGuid().ToString());
        document["schedules"] = new JsonArray([.. (body["schedules"]?.AsArray() ?? []).Select(s => ScheduleOf(s!, (string)document["id"]!))]);
        document["labels"] = new JsonObject();
        document["job_variables"] = new JsonObject();
        document["status"] = "READY";
        if (there is not null)
        {
            _store.Deployments.Remove(there);
            _store.DropScheduled((string)there["id"]!);
            _store.Reschedule((string)there["id"]!);
        }

        return new FakeAnswer(there is null ? 201 : 200, _store.Create(_store.Deployments, document).DeepClone());
    }

    private JsonObject ScheduleOf(JsonNode schedule, string deployment) => new()
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["created"] = FakeStates.Text(_store.Now),
        ["updated"] = FakeStates.Text(_store.Now),
        ["deployment_id"] = deployment,
        ["schedule"] = schedule["schedule"]!.DeepClone(),
        ["active"] = (bool?)schedule["active"] ?? true,
        ["parameters"] = new JsonObject(),
    };

    private FakeAnswer DeleteDeployment(JsonObject deployment)
    {
        _store.Deployments.Remove(deployment);
        _store.FlowRuns.RemoveAll(r => (string?)r["deployment_id"] == (string?)deployment["id"] && (string?)r["state_type"] == "SCHEDULED");
        return new FakeAnswer(204);
    }

    private FakeAnswer Pause(JsonObject deployment, bool paused)
    {
        deployment["paused"] = paused;
        if (paused) _store.DropScheduled((string)deployment["id"]!);
        else _store.Reschedule((string)deployment["id"]!);
        return new FakeAnswer(200);
    }

    private FakeAnswer Run(JsonObject deployment, JsonObject body) =>
        new(201, _store.CreateFlowRun(deployment, _store.Now, scheduled: false, body["parameters"] as JsonObject).DeepClone());

    private IEnumerable<JsonObject> FlowRuns(JsonObject body)
    {
        var deployments = Any(body["deployments"]?["id"]);
        var types = Any(body["flow_runs"]?["state"]?["type"]);
        var names = Any(body["flow_runs"]?["state"]?["name"]);
        return _store.FlowRuns
            .Where(r => deployments is null || deployments.Contains((string?)r["deployment_id"], StringComparer.OrdinalIgnoreCase))
            .Where(r => types is null || types.Contains((string?)r["state_type"]))
            .Where(r => names is null || names.Contains((string?)r["state_name"]))
            .Take((int?)body["limit"] ?? 200);
    }

    private static IEnumerable<JsonObject> OfRun(List<JsonObject> all, JsonObject body)
    {
        var runs = Any((body["logs"] ?? body["artifacts"])?["flow_run_id"]) ?? Any(body["flow_runs"]?["id"]);
        return all.Where(d => runs is null || runs.Contains((string?)d["flow_run_id"], StringComparer.OrdinalIgnoreCase));
    }

    private static string?[]? Any(JsonNode? filter) => filter?["any_"] is JsonArray any ? [.. any.Select(v => (string?)v)] : null;

    private FakeAnswer DeleteFlowRun(JsonObject run)
    {
        _store.FlowRuns.Remove(run);
        _store.Release((string)run["id"]!);
        return new FakeAnswer(204);
    }

    private static FakeAnswer UpdateFlowRun(JsonObject run, JsonObject body)
    {
        if (body["empirical_policy"] is JsonObject policy)
        {
            // It replaces the whole: what is left out is its default.
            var merged = FakePrefectStore.Policy();
            foreach (var (key, value) in policy) merged[key] = value?.DeepClone();
            run["empirical_policy"] = merged;
        }

        if (body.TryGetPropertyValue("infrastructure_pid", out var pid)) run["infrastructure_pid"] = pid?.DeepClone();
        return new FakeAnswer(204);
    }

    private FakeAnswer SetState(JsonObject run, JsonObject body, bool keepsLeases)
    {
        if (body["state"] is not JsonObject state || !FakeStates.Types.Contains((string?)state["type"])) return FakeAnswer.Invalid("state.type");
        if ((bool?)body["force"] != true) return _rules.Propose(run, state, keepsLeases);
        var forced = FakeStates.Of(state, _store.Now);
        _store.SetState(run, forced);
        return new FakeAnswer(201, new JsonObject { ["state"] = forced.DeepClone(), ["status"] = "ACCEPT", ["details"] = new JsonObject { ["type"] = "accept_details" } });
    }

    private FakeAnswer CreateTaskRun(JsonObject body)
    {
        var there = _store.TaskRuns.Find(
            t => (string?)t["flow_run_id"] == (string?)body["flow_run_id"] && (string?)t["task_key"] == (string?)body["task_key"] && (string?)t["dynamic_key"] == (string?)body["dynamic_key"]);
        if (there is not null) return new FakeAnswer(200, there.DeepClone());
        var task = (JsonObject)body.DeepClone();
        task["state"] = FakeStates.New(_store.Now, "PENDING");
        (task["state_type"], task["state_name"], task["run_count"]) = ("PENDING", "Pending", 0);
        return new FakeAnswer(201, _store.Create(_store.TaskRuns, task).DeepClone());
    }

    private FakeAnswer SetTaskState(JsonObject task, JsonObject body)
    {
        var state = FakeStates.Of((JsonObject)body["state"]!, _store.Now);
        var type = FakeStates.Type(state)!;
        var run = FakePrefectStore.Find(_store.FlowRuns, (string)task["flow_run_id"]!);
        if (type == "RUNNING" && (string?)run?["state_type"] != "RUNNING")
        {
            return new FakeAnswer(200, new JsonObject
            {
                ["state"] = null,
                ["status"] = "ABORT",
                ["details"] = new JsonObject { ["type"] = "abort_details", ["reason"] = "The enclosing flow must be running to begin task execution." },
            });
        }

        (task["state"], task["state_type"], task["state_name"]) = (state, type, (string?)state["name"]);
        return new FakeAnswer(201, new JsonObject { ["state"] = state.DeepClone(), ["status"] = "ACCEPT", ["details"] = new JsonObject { ["type"] = "accept_details" } });
    }

    private FakeAnswer Store(List<JsonObject> into, JsonArray documents)
    {
        foreach (var document in documents) _store.Create(into, (JsonObject)document!.DeepClone());
        return new FakeAnswer(201);
    }

    private FakeAnswer Renew(Guid lease, JsonNode body)
    {
        if ((double?)body["lease_duration"] is not (>= 60 and <= 86_400) and not null) return FakeAnswer.Invalid("lease_duration");
        if (!_store.Leases.TryGetValue(lease, out var held)) return FakeAnswer.NotFound("Lease");
        _store.Leases[lease] = held with { Until = _store.Now + TimeSpan.FromSeconds((double?)body["lease_duration"] ?? 300) };
        return new FakeAnswer(204);
    }
}
