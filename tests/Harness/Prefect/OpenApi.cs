using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>
/// The schema that Prefect publishes of its API, and whether a request and its answer keep to it: the operations that a worker needs are in
/// <c>openapi.json</c>, which is Prefect's (Apache-2.0, <c>openapi.LICENSE</c>); the whole of a newer one is read where <c>PREFECT_OPENAPI</c> says.
/// </summary>
public sealed class OpenApi
{
    private readonly JsonObject _document;

    private OpenApi(JsonObject document) => _document = document;

    public static OpenApi Read()
    {
        var path = Environment.GetEnvironmentVariable("PREFECT_OPENAPI") is { Length: > 0 } other ? other : Path.Combine(Repository.Root, "tests", "Harness", "Prefect", "openapi.json");
        return new OpenApi((JsonObject)JsonNode.Parse(File.ReadAllBytes(path))!);
    }

    /// <summary>What is wrong with an exchange, each with its place; empty when nothing is.</summary>
    public IReadOnlyList<string> Check(PrefectExchange exchange)
    {
        var problems = new List<string>();
        if (Operation(exchange) is not { } operation) return [$"{exchange.Method} {exchange.Path} is no operation of the API"];
        if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } body) Check(body, exchange.Request, "request", problems);
        var answer = operation["responses"]?[exchange.Status == 201 ? "200" : $"{exchange.Status}"] ?? operation["responses"]?[$"{exchange.Status}"];
        if (answer?["content"]?["application/json"]?["schema"] is { } schema && exchange.Answer is not null) Check(schema, exchange.Answer, "answer", problems);
        return [.. problems.Select(p => $"{exchange.Method} {exchange.Path} ({exchange.Status}): {p}")];
    }

    private JsonNode? Operation(PrefectExchange exchange)
    {
        var parts = exchange.Path.Split('/');
        return _document["paths"]!.AsObject()
            .Where(p => Matches(p.Key.Split('/'), parts))
            .OrderBy(p => p.Key.Count(c => c == '{'))
            .Select(p => p.Value![exchange.Method.ToLowerInvariant()])
            .FirstOrDefault(o => o is not null);
    }

    private static bool Matches(string[] template, string[] parts) =>
        template.Length == parts.Length && template.Zip(parts).All(p => p.First.StartsWith('{') || p.First == p.Second);

    private void Check(JsonNode schema, JsonNode? value, string place, List<string> problems)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Check(_document["components"]!["schemas"]![reference.Split('/')[^1]]!, value, place, problems);
            return;
        }

        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray choices)
        {
            var attempts = choices.Select(c => Attempt(c!, value, place)).ToArray();
            if (attempts.All(a => a.Count > 0)) problems.Add($"{place} is none of what it may be: {string.Join("; ", attempts.MinBy(a => a.Count)!)}");
            return;
        }

        if (schema["allOf"] is JsonArray all)
        {
            foreach (var part in all) Check(part!, value, place, problems);
        }

        if (schema["enum"] is JsonArray values && !values.Any(v => JsonNode.DeepEquals(v, value))) problems.Add($"{place} is {value?.ToJsonString()}, none of {values.ToJsonString()}");
        if ((string?)schema["type"] is not { } type) return;
        if (!IsOf(type, value)) problems.Add($"{place} is {value?.ToJsonString() ?? "null"}, no {type}");
        else if (value is JsonObject document) CheckObject(schema, document, place, problems);
        else if (value is JsonArray array && schema["items"] is { } items)
        {
            for (var i = 0; i < array.Count; i++) Check(items, array[i], $"{place}[{i}]", problems);
        }
        else if ((string?)schema["format"] is "uuid" && !Guid.TryParse((string?)value, out _)) problems.Add($"{place} is {value}, no uuid");
    }

    private List<string> Attempt(JsonNode schema, JsonNode? value, string place)
    {
        var problems = new List<string>();
        Check(schema, value, place, problems);
        return problems;
    }

    private void CheckObject(JsonNode schema, JsonObject document, string place, List<string> problems)
    {
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!document.ContainsKey((string)name!)) problems.Add($"{place}.{name} is missing");
        }

        var properties = schema["properties"] as JsonObject;
        foreach (var (name, value) in document)
        {
            if (properties?[name] is { } property) Check(property, value, $"{place}.{name}", problems);
            else if (schema["additionalProperties"] is JsonValue { } extra && extra.GetValueKind() == JsonValueKind.False) problems.Add($"{place}.{name} is not known");
        }
    }

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => (double)value! == Math.Floor((double)value!),
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("null", JsonValueKind.Null) => true,
        _ => false,
    };
}
