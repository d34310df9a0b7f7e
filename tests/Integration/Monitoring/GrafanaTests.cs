using System.Text.Json;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>
/// The dashboards in a real Grafana: it loads them, reaches Prometheus, and every panel has data. Skipped where the official image cannot be had: no
/// package has a Grafana to build one from.
/// </summary>
[Collection(typeof(WatchedHalvesCollection))]
public sealed class GrafanaTests(WatchedHalves pipeline)
{
    private static readonly string _dashboards = Repository.File("docker", "grafana", "dashboards");

    [Fact]
    public async Task Grafana_has_the_datasource_and_both_dashboards_and_every_panel_has_data()
    {
        // First: where there is no image, nothing has to be healthy.
        await TestImages.GrafanaAsync();
        await pipeline.ListenAsync();
        await using var grafana = await GrafanaServer.StartAsync(pipeline.Stack.Prometheus.Ip);

        await Eventually.GetAsync(
            "the datasource to be well", async () => (await grafana.GetAsync("api/datasources/uid/prometheus/health")).GetProperty("status").GetString(), status => status == "OK", Deadlines.Container);
        foreach (var file in Directory.EnumerateFiles(_dashboards, "*.json"))
        {
            var uid = Path.GetFileNameWithoutExtension(file);
            var loaded = await Eventually.GetAsync($"dashboard {uid}", () => grafana.GetAsync($"api/dashboards/uid/{uid}"), _ => true, Deadlines.Container);
            loaded.GetProperty("meta").GetProperty("provisioned").GetBoolean().Should().BeTrue();
            Titles(loaded.GetProperty("dashboard")).Should().Equal(Titles(JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))));
        }

        // Its own intervals, which only Grafana fills in.
        await HasDataAsync(grafana, "rate", "sum(rate(pipeline_source_messages_received_total[$__rate_interval]))");
        foreach (var query in DashboardQueries.In(_dashboards).Where(q => !MayBeEmpty.Allows(q.Query)))
            await HasDataAsync(grafana, $"{query.Dashboard}, {query.Panel}", new PromQlText(query.Query).Unconditional);
    }

    private static Task HasDataAsync(GrafanaServer grafana, string where, string query) =>
        Eventually.TrueAsync($"{where} to have data: {query}", () => grafana.HasDataAsync(query), Deadlines.Recovery);

    private static IEnumerable<string?> Titles(JsonElement dashboard) => dashboard.GetProperty("panels").EnumerateArray().Select(p => p.GetProperty("title").GetString());
}
