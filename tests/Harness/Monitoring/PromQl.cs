using System.Text.Json;
using Xunit;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>Asks a Prometheus server.</summary>
public sealed class PromQl(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Deadlines.Condition };

    /// <summary>The instant value of an expression; a scalar is one sample without labels.</summary>
    /// <exception cref="PromQlException">The expression is wrong.</exception>
    public async Task<IReadOnlyList<PromSample>> QueryAsync(string expression)
    {
        using var content = new FormUrlEncodedContent([new("query", expression)]);
        using var answer = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var data = await DataAsync(answer, expression);
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "vector" => [.. result.EnumerateArray().Select(s => new PromSample(Texts(s.GetProperty("metric")), Number(s.GetProperty("value"))))],
            "scalar" => [new PromSample(new Dictionary<string, string>(), Number(result))],
            var type => throw new PromQlException($"'{expression}' gives a {type}, not a vector or a scalar."),
        };
    }

    /// <summary>The rules that the server has loaded, in the order of their files.</summary>
    public async Task<IReadOnlyList<PromRule>> RulesAsync()
    {
        var groups = (await GetAsync("/api/v1/rules")).GetProperty("groups");
        return
        [
            .. from g in groups.EnumerateArray()
               from r in g.GetProperty("rules").EnumerateArray()
               let alert = r.GetProperty("type").GetString() == "alerting"
               select new PromRule(
                   g.GetProperty("name").GetString()!, r.GetProperty("name").GetString()!, r.GetProperty("query").GetString()!,
                   alert, alert ? r.GetProperty("state").GetString()! : "",
                   alert ? Texts(r.GetProperty("annotations")) : [], r.GetProperty("health").GetString()!,
                   r.TryGetProperty("lastError", out var error) ? error.GetString()! : ""),
        ];
    }

    /// <summary>The targets it scrapes.</summary>
    public async Task<IReadOnlyList<PromTarget>> TargetsAsync() =>
    [
        .. (await GetAsync("/api/v1/targets?state=active")).GetProperty("activeTargets").EnumerateArray().Select(t => new PromTarget(
            t.GetProperty("labels").GetProperty("job").GetString()!, t.GetProperty("scrapeUrl").GetString()!,
            t.GetProperty("health").GetString()!, t.GetProperty("lastError").GetString()!)),
    ];

    /// <summary>Names of the alerts that are firing.</summary>
    public async Task<IReadOnlyList<string>> FiringAsync() =>
        [.. (await QueryAsync("""ALERTS{alertstate="firing"}""")).Select(s => s.Labels["alertname"]).Distinct().Order(StringComparer.Ordinal)];

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return await DataAsync(answer, path);
    }

    private static async Task<JsonElement> DataAsync(HttpResponseMessage answer, string asked)
    {
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.GetProperty("status").GetString() == "success"
            ? json.GetProperty("data")
            : throw new PromQlException($"'{asked}': {json.GetProperty("error").GetString()}");
    }

    // [time, "value"]
    private static string Number(JsonElement pair) => pair[1].GetString()!;

    private static Dictionary<string, string> Texts(JsonElement labels) => labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!);
}
