using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <param name="Body">Null for an empty answer.</param>
internal sealed record FakeAnswer(int Status, JsonNode? Body = null)
{
    public static FakeAnswer NotFound(string what) => new(404, new JsonObject { ["detail"] = $"{what} not found" });

    public static FakeAnswer Invalid(string why) => new(422, new JsonObject { ["exception_message"] = "Invalid request received.", ["exception_detail"] = why });
}
