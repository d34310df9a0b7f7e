using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A real Grafana, provisioned with the shipped files and set as docker/compose.yaml sets it.</summary>
public sealed partial class GrafanaServer : IAsyncDisposable
{
    private const int Port = 3000;
    private readonly ServiceContainer _container;
    private readonly HttpClient _http;

    private GrafanaServer(ServiceContainer container, string password)
    {
        _container = container;
        _http = new HttpClient { BaseAddress = container.Address, Timeout = Deadlines.Condition };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"admin:{password}")));
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <param name="prometheusIp">Where the provisioned datasource finds its Prometheus.</param>
    /// <exception cref="ContainersUnavailableException"/>
    /// <exception cref="ImageUnavailableException"/>
    public static async Task<GrafanaServer> StartAsync(string prometheusIp)
    {
        var image = await TestImages.GrafanaAsync();
        var password = Guid.NewGuid().ToString("N");
        var files = Files("provisioning").Concat(Files("dashboards")).ToDictionary();
        files["/run/secrets/grafana_admin"] = password;
        return new GrafanaServer(
            await ServiceContainer.StartAsync(
                "Grafana", image, Port, "/api/health", [], files, new Dictionary<string, string> { ["prometheus"] = prometheusIp }, Settings(await File.ReadAllTextAsync(Repository.File("docker", "compose.yaml"), Stopping))),
            password);
    }

    /// <summary>What compose.yaml sets for the service <c>grafana</c>.</summary>
    public static IReadOnlyDictionary<string, string> Settings(string compose) => Setting().Matches(Service().Match(compose).Value)
        .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim('"'));

    /// <summary>Asks the API, for example for <c>api/dashboards/uid/pipeline</c>.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path, Stopping);
        return await ReadAsync(path, answer);
    }

    /// <summary>Puts a query to the datasource <c>prometheus</c>, as a panel does.</summary>
    /// <returns>Whether there is data.</returns>
    /// <exception cref="InvalidOperationException">Grafana or Prometheus takes the query for an error.</exception>
    public async Task<bool> HasDataAsync(string query)
    {
        using var answer = await _http.PostAsJsonAsync("api/ds/query", GrafanaQuery.Of(query), Stopping);
        return GrafanaQuery.HasData(await ReadAsync(query, answer));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _container.DisposeAsync();
    }

    private static async Task<JsonElement> ReadAsync(string what, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Stopping);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Grafana answers {what} with {(int)answer.StatusCode}: {text}"));
    }

    private static IEnumerable<KeyValuePair<string, string>> Files(string part)
    {
        var root = Repository.File("docker", "grafana", part);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => KeyValuePair.Create($"/etc/grafana/{part}/{Path.GetRelativePath(root, f).Replace(Path.DirectorySeparatorChar, '/')}", File.ReadAllText(f)));
    }

    [GeneratedRegex(@"^  grafana:\n(?:    .*\n|\n)+", RegexOptions.Multiline)]
    private static partial Regex Service();

    [GeneratedRegex(@"^      (?<name>GF_\w+): (?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
