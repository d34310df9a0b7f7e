using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>Whether a flow run may change its state, by the rules of Prefect 3.4 in their order.</summary>
internal sealed class FakeFlowRunRules(FakePrefectStore store)
{
    /// <summary>Decides about a state that is proposed, and sets what comes of it.</summary>
    /// <param name="keepsLeases">True for a client that renews its leases.</param>
    public FakeAnswer Propose(JsonObject run, JsonObject proposal, bool keepsLeases)
    {
        var now = store.Now;
        var current = run["state"] as JsonObject;
        var from = FakeStates.Type(current);
        var proposed = FakeStates.Of(proposal, now);
        var to = FakeStates.Type(proposed)!;

        if (FakeStates.Detail(proposed, "transition_id") is { } transition && transition == FakeStates.Detail(current, "transition_id"))
        {
            return Reject(run, null, "This run has already made this state transition.");
        }

        if (FakeStates.IsFinal(from) && to is "CANCELLING" or "PAUSED" or "CRASHED") return Abort($"Run is already in terminal state {from}.");
        if (from == "CANCELLING" && to != "CANCELLED") return Reject(run, null, "Cannot transition flows that are cancelling to a state other than Cancelled.");
        if (from == "SCHEDULED" && to == "CANCELLING" && run["infrastructure_pid"] is null)
        {
            return Reject(run, FakeStates.New(now, "CANCELLED"), "Scheduled flow run has no infrastructure to terminate.");
        }

        if (to == "PENDING" && from is "PENDING" or "CANCELLING" or "RUNNING" or "CANCELLED")
        {
            return Abort($"This run is in a {from} state and cannot transition to a PENDING state.");
        }

        if (from == "PENDING" && to == "RUNNING")
        {
            proposed["state_details"]!["deployment_concurrency_lease_id"] = keepsLeases ? FakeStates.Detail(current, "deployment_concurrency_lease_id") : null;
        }

        if (to == "PENDING" && TakeSlot(run, proposed) is { } taken) return taken;
        if (to == "PAUSED" && from != "RUNNING") return Reject(run, null, "Cannot pause flows that are not currently running.");
        if (from == "PAUSED" && to is not ("RUNNING" or "SCHEDULED") && !FakeStates.IsFinal(to))
        {
            return Reject(run, null, $"This run cannot transition to the {to} state from the PAUSED state.");
        }

        if (from == "SCHEDULED" && to == "PENDING") proposed["state_details"]!["scheduled_time"] ??= FakeStates.Detail(current, "scheduled_time");
        if (from is "SCHEDULED" or "PENDING" && to == "RUNNING" && FakeStates.Time(FakeStates.Detail(current, "scheduled_time")) is { } due)
        {
            var delay = (int)Math.Round((due - now).TotalSeconds, MidpointRounding.ToEven);
            if (delay > 0) return Answer(200, "WAIT", current, new JsonObject { ["type"] = "wait_details", ["delay_seconds"] = delay, ["reason"] = "Scheduled time is in the future" });
        }

        if (from == "RUNNING" && to == "FAILED" && (int?)run["empirical_policy"]?["retries"] is { } retries && (int)run["run_count"]! <= retries)
        {
            run["empirical_policy"]!["retry_type"] = "in_process";
            var pause = TimeSpan.FromSeconds((double?)run["empirical_policy"]!["retry_delay"] ?? 0);
            return Reject(run, FakeStates.New(now, "SCHEDULED", "AwaitingRetry", (string?)proposed["message"], now + pause), "Retrying");
        }

        store.SetState(run, proposed);
        return Answer(201, "ACCEPT", proposed, new JsonObject { ["type"] = "accept_details" });
    }

    /// <summary>Null when there is a slot, or no limit.</summary>
    private FakeAnswer? TakeSlot(JsonObject run, JsonObject proposed)
    {
        if ((string?)run["deployment_id"] is not { } id || FakePrefectStore.Find(store.Deployments, id) is not { } deployment) return null;
        if ((int?)deployment["concurrency_limit"] is not { } limit) return null;
        if (store.Leases.Values.Count(l => l.Deployment == id) < limit)
        {
            proposed["state_details"]!["deployment_concurrency_lease_id"] = store.Lease(id, (string)run["id"]!).ToString();
            return null;
        }

        const string reason = "Deployment concurrency limit reached.";
        return (string?)deployment["concurrency_options"]?["collision_strategy"] == "CANCEL_NEW"
            ? Reject(run, FakeStates.New(store.Now, "CANCELLED", message: reason), reason)
            : Reject(run, FakeStates.New(store.Now, "SCHEDULED", "AwaitingConcurrencySlot", scheduled: store.Now + store.Options.SlotWait), reason);
    }

    private FakeAnswer Reject(JsonObject run, JsonObject? instead, string reason)
    {
        if (instead is not null) store.SetState(run, instead);
        var details = new JsonObject { ["type"] = "reject_details", ["reason"] = reason };
        return Answer(instead is null ? 200 : 201, "REJECT", instead ?? run["state"] as JsonObject, details);
    }

    private static FakeAnswer Abort(string reason) => Answer(200, "ABORT", null, new JsonObject { ["type"] = "abort_details", ["reason"] = reason });

    private static FakeAnswer Answer(int code, string status, JsonObject? state, JsonObject details) =>
        new(code, new JsonObject { ["state"] = state?.DeepClone(), ["status"] = status, ["details"] = details });
}
