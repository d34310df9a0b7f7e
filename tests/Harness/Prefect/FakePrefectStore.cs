using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>What a fake server knows, and what its services do with it. Not safe for threads: the server holds a lock.</summary>
internal sealed class FakePrefectStore(FakePrefectOptions options)
{
    public FakePrefectOptions Options => options;

    public List<JsonObject> Flows { get; } = [];

    public List<JsonObject> Pools { get; } = [];

    public List<JsonObject> Deployments { get; } = [];

    public List<JsonObject> FlowRuns { get; } = [];

    public List<JsonObject> TaskRuns { get; } = [];

    public List<JsonObject> Logs { get; } = [];

    public List<JsonObject> Artifacts { get; } = [];

    public Dictionary<(string Pool, string Name), (Guid Id, DateTimeOffset Seen, int Interval)> Workers { get; } = [];

    public Dictionary<Guid, FakeLease> Leases { get; } = [];

    /// <summary>The states that each run was in.</summary>
    public List<(string Run, JsonObject State)> History { get; } = [];

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow() + options.ClockAhead;

    public static JsonObject? Find(List<JsonObject> all, string id) => all.Find(d => string.Equals((string?)d["id"], id, StringComparison.OrdinalIgnoreCase));

    public static JsonObject? Named(List<JsonObject> all, string name) => all.Find(d => (string?)d["name"] == name);

    /// <summary>Completes a document with what every one has.</summary>
    public JsonObject Create(List<JsonObject> into, JsonObject document)
    {
        document["id"] ??= Guid.NewGuid().ToString();
        document["created"] = FakeStates.Text(Now);
        document["updated"] = FakeStates.Text(Now);
        into.Add(document);
        return document;
    }

    public Guid Lease(string deployment, string run)
    {
        var id = Guid.NewGuid();
        Leases[id] = new FakeLease(deployment, run, Now + options.FirstLease, Lasts: true);
        return id;
    }

    public JsonObject CreateFlowRun(JsonObject deployment, DateTimeOffset due, bool scheduled, JsonObject? parameters)
    {
        var merged = (JsonObject)(deployment["parameters"]?.DeepClone() ?? new JsonObject());
        foreach (var (key, value) in parameters ?? []) merged[key] = value?.DeepClone();
        var run = Create(FlowRuns, new JsonObject
        {
            ["name"] = $"fake-run-{FlowRuns.Count + 1}",
            ["flow_id"] = (string)deployment["flow_id"]!,
            ["deployment_id"] = (string)deployment["id"]!,
            ["work_queue_name"] = "default",
            ["parameters"] = merged,
            ["context"] = new JsonObject(),
            ["empirical_policy"] = Policy(),
            ["tags"] = deployment["tags"]?.DeepClone() ?? new JsonArray(),
            ["labels"] = new JsonObject(),
            ["run_count"] = 0,
            ["expected_start_time"] = FakeStates.Text(due),
            ["start_time"] = null,
            ["end_time"] = null,
            ["total_run_time"] = 0.0,
            ["auto_scheduled"] = scheduled,
            ["infrastructure_pid"] = null,
        });
        SetState(run, FakeStates.New(Now, "SCHEDULED", scheduled: due, message: scheduled ? "Flow run scheduled" : null));
        return run;
    }

    public static JsonObject Policy() => new()
    {
        ["max_retries"] = 0,
        ["retry_delay_seconds"] = 0.0,
        ["retries"] = null,
        ["retry_delay"] = null,
        ["pause_keys"] = new JsonArray(),
        ["resuming"] = false,
        ["retry_type"] = null,
    };

    public void SetState(JsonObject run, JsonObject state)
    {
        var (from, to) = (FakeStates.Type(run["state"] as JsonObject), FakeStates.Type(state)!);
        state["state_details"]!["flow_run_id"] = (string)run["id"]!;
        run["state"] = state;
        run["state_id"] = (string)state["id"]!;
        run["state_type"] = to;
        run["state_name"] = (string?)state["name"];
        run["next_scheduled_start_time"] = to == "SCHEDULED" ? FakeStates.Detail(state, "scheduled_time") : null;
        if (to == "RUNNING")
        {
            run["run_count"] = (int)run["run_count"]! + 1;
            run["start_time"] ??= (string)state["timestamp"]!;
        }

        run["end_time"] = FakeStates.IsFinal(to) ? (string)state["timestamp"]! : null;
        History.Add(((string)run["id"]!, (JsonObject)state.DeepClone()));
        if (from is "PENDING" or "RUNNING" or "CANCELLING" && to is not ("PENDING" or "RUNNING" or "CANCELLING")) Release((string)run["id"]!);
    }

    public void Release(string run)
    {
        foreach (var id in Leases.Where(l => l.Value.Run == run).Select(l => l.Key).ToArray()) Leases.Remove(id);
    }

    /// <summary>What a work pool's workers may take, as the real query says.</summary>
    public IEnumerable<JsonObject> Scheduled(JsonObject pool, DateTimeOffset? before) => (bool)pool["is_paused"]!
        ? []
        : FlowRuns
            .Where(r => (string?)r["state_type"] == "SCHEDULED" && (string?)r["empirical_policy"]!["retry_type"] != "in_process")
            .Where(r => FakeStates.Time((string?)r["next_scheduled_start_time"]) <= (before ?? DateTimeOffset.MaxValue))
            .Where(r => Find(Deployments, (string)r["deployment_id"]!) is { } d && (string?)d["work_pool_name"] == (string?)pool["name"] && HasSlot(d))
            .OrderBy(r => (string?)r["next_scheduled_start_time"], StringComparer.Ordinal);

    /// <summary>Deletes what the scheduler made, as the real one does when a deployment is paused or posted anew.</summary>
    public void DropScheduled(string deployment) => FlowRuns.RemoveAll(
        r => (string?)r["deployment_id"] == deployment && (bool)r["auto_scheduled"]! && (string?)r["state_type"] == "SCHEDULED" && (int)r["run_count"]! == 0);

    /// <summary>One look round of the services.</summary>
    public void Serve()
    {
        foreach (var id in Leases.Where(l => l.Value.Lasts && l.Value.Until < Now).Select(l => l.Key).ToArray()) Leases.Remove(id);
        foreach (var deployment in Deployments.Where(d => !(bool)d["paused"]!)) Schedule(deployment);
        foreach (var run in FlowRuns.Where(r => (string?)r["state_name"] == "Scheduled" && FakeStates.Time((string?)r["next_scheduled_start_time"]) + options.LateAfter < Now))
        {
            SetState(run, FakeStates.New(Now, "SCHEDULED", "Late", scheduled: FakeStates.Time((string?)run["next_scheduled_start_time"])));
        }
    }

    private bool HasSlot(JsonObject deployment) =>
        (int?)deployment["concurrency_limit"] is not { } limit || Leases.Values.Count(l => l.Deployment == (string)deployment["id"]!) < limit;

    private void Schedule(JsonObject deployment)
    {
        foreach (var schedule in deployment["schedules"]!.AsArray().Where(s => (bool)s!["active"]!))
        {
            var interval = TimeSpan.FromSeconds((double)schedule!["schedule"]!["interval"]!);
            var anchor = FakeStates.Time((string?)schedule["schedule"]!["anchor_date"])!.Value;
            var passed = (Now - anchor).Ticks / interval.Ticks;
            for (var ahead = 1; ahead <= options.RunsAhead; ahead++)
            {
                var due = anchor + TimeSpan.FromTicks((passed + ahead) * interval.Ticks);
                var key = $"{deployment["id"]} {FakeStates.Text(due)}";
                if (!_scheduled.Add(key)) continue;
                CreateFlowRun(deployment, due, scheduled: true, parameters: null);
            }
        }
    }

    /// <summary>A deployment's times may be scheduled again.</summary>
    public void Reschedule(string deployment) => _scheduled.RemoveWhere(k => k.StartsWith(deployment, StringComparison.Ordinal) && FakeStates.Time(k[(deployment.Length + 1)..]) > Now);

    private readonly HashSet<string> _scheduled = new(StringComparer.Ordinal);
}
