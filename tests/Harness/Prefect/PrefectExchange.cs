using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>A request to a fake server and what it answered.</summary>
public sealed record PrefectExchange(string Method, string Path, JsonNode? Request, int Status, JsonNode? Answer)
{
    public override string ToString() => $"{Method} {Path} {Request?.ToJsonString()} -> {Status} {Answer?.ToJsonString()}";
}
