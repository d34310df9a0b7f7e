using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A question to Grafana's <c>/api/ds/query</c>, and its answer.</summary>
public static class GrafanaQuery
{
    public static JsonObject Of(string query) => new()
    {
        ["from"] = "now-5m",
        ["to"] = "now",
        ["queries"] = new JsonArray(new JsonObject
        {
            ["refId"] = "A",
            ["datasource"] = new JsonObject { ["type"] = "prometheus", ["uid"] = "prometheus" },
            ["expr"] = query,
            ["instant"] = true,
            ["range"] = false,
            ["intervalMs"] = 1000,
            ["maxDataPoints"] = 300,
        }),
    };

    /// <summary>Whether a frame of the answer has a value.</summary>
    /// <exception cref="InvalidOperationException">The answer is an error.</exception>
    public static bool HasData(JsonElement answer)
    {
        var result = answer.GetProperty("results").GetProperty("A");
        if (result.TryGetProperty("error", out var error)) throw new InvalidOperationException($"Grafana says: {error}");
        return result.TryGetProperty("frames", out var frames) && frames.ValueKind == JsonValueKind.Array && frames.EnumerateArray().Any(HasValues);
    }

    private static bool HasValues(JsonElement frame) =>
        frame.TryGetProperty("data", out var data) && data.TryGetProperty("values", out var columns) && columns.EnumerateArray().Any(c => c.GetArrayLength() > 0);
}
