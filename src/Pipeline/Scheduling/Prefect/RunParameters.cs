using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>What the deployment says of its runs; people change it on the server, for all of them or for one.</summary>
/// <param name="Retries">How often a run that failed is tried again.</param>
internal sealed record RunParameters(bool Drain, TimeSpan Timeout, int Retries, TimeSpan RetryDelay)
{
    // After an outage a run takes all that has closed, however short the interval.
    private static readonly TimeSpan _leastTimeout = TimeSpan.FromSeconds(30);

    public static RunParameters Default(TimeSpan every) => new(Drain: false, every * 0.8 > _leastTimeout ? every * 0.8 : _leastTimeout, Retries: 3, every / 10);

    public static RunParameters Parse(JsonObject? parameters, RunParameters fallback) => new(
        Value(parameters, "drain", JsonValueKind.True, JsonValueKind.False) is { } drain ? drain.GetValue<bool>() : fallback.Drain,
        Seconds(parameters, "timeout_seconds", fallback.Timeout),
        Value(parameters, "retries", JsonValueKind.Number) is { } retries && retries.TryGetValue<int>(out var n) ? Math.Clamp(n, 0, 100) : fallback.Retries,
        Seconds(parameters, "retry_delay_seconds", fallback.RetryDelay));

    public FlowRunPolicy Policy => new(Retries, (int)Math.Ceiling(RetryDelay.TotalSeconds));

    public JsonObject ToJson() => new()
    {
        ["drain"] = Drain,
        ["timeout_seconds"] = Timeout.TotalSeconds,
        ["retries"] = Retries,
        ["retry_delay_seconds"] = RetryDelay.TotalSeconds,
    };

    /// <summary>By this the server checks what people type, and shows them a form.</summary>
    public JsonObject Schema() => new()
    {
        ["title"] = "Parameters",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["drain"] = Property("boolean", 0, "Write the open window as well, where the source has ended.", Drain),
            ["timeout_seconds"] = Property("number", 1, "Longest that a run may take.", Timeout.TotalSeconds),
            ["retries"] = Property("integer", 2, "How often a run that failed is tried again.", Retries),
            ["retry_delay_seconds"] = Property("number", 3, "Pause before each of these.", RetryDelay.TotalSeconds),
        },
    };

    private static JsonObject Property(string type, int position, string title, JsonNode value) =>
        new() { ["type"] = type, ["title"] = title, ["position"] = position, ["default"] = value };

    private static TimeSpan Seconds(JsonObject? parameters, string name, TimeSpan fallback) =>
        Value(parameters, name, JsonValueKind.Number) is { } value && value.TryGetValue<double>(out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : fallback;

    private static JsonValue? Value(JsonObject? parameters, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        parameters?[name] is JsonValue value && kinds.Contains(value.GetValueKind()) ? value : null;
}
