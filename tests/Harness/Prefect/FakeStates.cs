using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>States as documents.</summary>
internal static class FakeStates
{
    public static readonly string[] Types = ["SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "CRASHED", "PAUSED", "CANCELLING"];

    public static bool IsFinal(string? type) => type is "COMPLETED" or "FAILED" or "CANCELLED" or "CRASHED";

    public static JsonObject New(DateTimeOffset now, string type, string? name = null, string? message = null, DateTimeOffset? scheduled = null) => new()
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["type"] = type,
        ["name"] = name ?? CultureInfo.InvariantCulture.TextInfo.ToTitleCase(type.ToLowerInvariant()),
        ["timestamp"] = Text(now),
        ["message"] = message,
        ["data"] = null,
        ["state_details"] = Details(scheduled),
    };

    /// <summary>The state that a client proposes, completed as the server does.</summary>
    public static JsonObject Of(JsonObject proposal, DateTimeOffset now)
    {
        var state = New(now, (string)proposal["type"]!, (string?)proposal["name"], (string?)proposal["message"]);
        if (proposal["state_details"] is JsonObject details)
        {
            foreach (var (key, value) in details) state["state_details"]![key] = value?.DeepClone();
        }

        if ((string)state["type"]! == "SCHEDULED" && state["state_details"]!["scheduled_time"] is null) state["state_details"]!["scheduled_time"] = Text(now);
        return state;
    }

    public static string? Type(JsonObject? state) => (string?)state?["type"];

    public static string? Detail(JsonObject? state, string name) => (string?)state?["state_details"]?[name];

    public static DateTimeOffset? Time(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Details(DateTimeOffset? scheduled) => new()
    {
        ["flow_run_id"] = null,
        ["task_run_id"] = null,
        ["scheduled_time"] = scheduled is { } time ? Text(time) : null,
        ["transition_id"] = null,
        ["deployment_concurrency_lease_id"] = null,
        ["pause_reschedule"] = false,
        ["untrackable_result"] = false,
    };
}
