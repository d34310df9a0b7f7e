using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>docker/compose.yaml and the files that it mounts agree with each other and with what is tested.</summary>
public sealed partial class ComposeTests
{
    private static readonly string _folder = Repository.File("docker");
    private static readonly string _compose = Read("compose.yaml");

    [Theory]
    [InlineData("redis")]
    [InlineData("prometheus")]
    [InlineData("alertmanager")]
    [InlineData("redis-exporter")]
    [InlineData("grafana")]
    public void What_is_tested_is_what_runs(string service)
    {
        var tested = Regex.Match(Read("images/pick"), $@"^  {service}\) official=(\S+) ;;$", RegexOptions.Multiline);

        tested.Success.Should().BeTrue();
        Service(service).Should().Contain($"    image: {tested.Groups[1].Value}\n");
    }

    [Fact]
    public void Every_file_that_is_mounted_is_there()
    {
        var mounted = Mount().Matches(_compose).Select(m => m.Groups["source"].Value).ToList();

        mounted.Should().HaveCountGreaterThan(4);
        mounted.Where(m => !Path.Exists(Path.Combine(_folder, m))).Should().BeEmpty();
    }

    [Fact]
    public void Grafana_finds_Prometheus_and_the_dashboards_where_they_are()
    {
        var grafana = Service("grafana");

        Read("grafana/provisioning/datasources/prometheus.yml").Should().MatchRegex(@"(?m)^    uid: prometheus$").And.Contain("    url: http://prometheus:9090\n");
        grafana.Should().Contain("- ./grafana/provisioning:/etc/grafana/provisioning:ro").And.Contain("- ./grafana/dashboards:/etc/grafana/dashboards:ro")
            .And.Contain("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: /etc/grafana/dashboards/pipeline.json");
        Read("grafana/provisioning/dashboards/pipeline.yml").Should().Contain("      path: /etc/grafana/dashboards\n").And.Contain("allowUiUpdates: false");
    }

    [Fact]
    public void Every_secret_is_made()
    {
        var secrets = Secret().Matches(_compose).Select(m => m.Groups["file"].Value).ToList();
        var made = Read("make-secrets") + Read("redis/make-users") + Read("redis/users.acl.template");

        secrets.Should().HaveCountGreaterThan(6);
        foreach (var secret in secrets)
            made.Should().MatchRegex(Regex.Escape($"$folder/{secret}") + '|' + (secret.Split('_', '.') is ["slack", var channel] ? $"(?m)^webhook {channel} " : $"(?m)^user {secret.Split('.')[0]} on "), "{0}", secret);
    }

    [Fact]
    public void A_channel_has_a_webhook_of_its_own_and_Alertmanager_may_read_it()
    {
        var channels = Webhook().Matches(Read("alertmanager/alertmanager.yml")).Select(m => (Secret: m.Groups["secret"].Value, Channel: m.Groups["channel"].Value)).ToList();
        var given = Regex.Match(Service("alertmanager"), @"    secrets: \[(.*)\]").Groups[1].Value.Split(", ");

        channels.Should().HaveCount(Regex.Count(Read("alertmanager/alertmanager.yml"), "slack_configs:"));
        channels.Distinct().Should().BeEquivalentTo(new[] { ("slack_critical", "#pipeline-critical"), ("slack_warnings", "#pipeline-warnings"), ("slack_info", "#pipeline-info") });
        given.Should().BeEquivalentTo(channels.Select(c => c.Secret).Distinct());
    }

    [Fact]
    public void A_rate_in_Grafana_has_the_interval_of_the_scrapes() =>
        Regex.Match(Read("grafana/provisioning/datasources/prometheus.yml"), @"timeInterval: (\w+)").Groups[1].Value
            .Should().Be(Regex.Match(Read("prometheus/prometheus.yml"), @"scrape_interval: (\w+)").Groups[1].Value);

    [Fact]
    public void Every_service_is_hardened_limited_and_asked_for_its_health()
    {
        var services = Name().Matches(_compose[_compose.IndexOf("\nservices:", StringComparison.Ordinal).._compose.IndexOf("\nnetworks:", StringComparison.Ordinal)]).Select(m => m.Groups[1].Value).ToList();

        services.Should().Contain("grafana");
        foreach (var service in services)
            Service(service).Should().Contain("<<: *service").And.Contain("    user: ").And.Contain("    mem_limit: ").And.Contain("    healthcheck:", "{0}", service);
        Regex.Matches(_compose, @"ports: \[(.*)\]").Select(m => m.Groups[1].Value).Should().OnlyContain(p => p.StartsWith("\"127.0.0.1:"));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    private static string Service(string name) => Regex.Match(_compose, $@"^  {name}:\n(?:    .*\n)+", RegexOptions.Multiline).Value;

    [GeneratedRegex(@"^      - \./(?<source>[^:]+):", RegexOptions.Multiline)]
    private static partial Regex Mount();

    [GeneratedRegex(@"\{file: \./secrets/(?<file>[\w.]+)\}")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^    slack_configs:\n      - api_url_file: /run/secrets/(?<secret>\w+)\n        channel: '(?<channel>[^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Webhook();

    [GeneratedRegex(@"^  ([a-z-]+):$", RegexOptions.Multiline)]
    private static partial Regex Name();
}
