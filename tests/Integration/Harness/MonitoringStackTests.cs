using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Integration.Harness;

/// <summary>The monitoring stack of the tests carries an alert from a cause to Slack, with files of the test's own.</summary>
public sealed class MonitoringStackTests : IAsyncLifetime
{
    private const string Prometheus =
        """
        global:
          scrape_interval: 15s
          scrape_timeout: 10s
          evaluation_interval: 15s
        rule_files: [rules/*.yml]
        alerting:
          alertmanagers:
            - static_configs:
                - targets: [alertmanager:9093]
        scrape_configs:
          - job_name: redis
            static_configs:
              - targets: [redis-exporter:9121]
          - job_name: pipeline
            static_configs:
              - targets: [pipeline:9464]
        """;

    private const string Rules =
        """
        groups:
          - name: redis
            rules:
              - alert: RedisDown
                expr: redis_up == 0
                for: 1m
        """;

    private const string Alertmanager =
        """
        global:
          slack_api_url_file: /run/secrets/slack_warnings
        route:
          receiver: slack
          group_wait: 30s
          group_interval: 5m
        receivers:
          - name: slack
            slack_configs:
              - channel: '#test'
                send_resolved: true
                title: '{{ .Status }} {{ .CommonLabels.alertname }}'
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("monitoring-").FullName;
    private MonitoringStack _stack = null!;

    public async ValueTask InitializeAsync()
    {
        Write("prometheus/prometheus.yml", Prometheus);
        Write("prometheus/rules/redis.yml", Rules);
        Write("alertmanager/alertmanager.yml", Alertmanager);
        _stack = await MonitoringStack.StartAsync(new() { Files = new TestOverlay(_folder) });
        await _stack.WaitForTargetsAsync("redis");
    }

    [Fact]
    public async Task A_cause_reaches_Slack_and_so_does_its_end()
    {
        var query = _stack.Prometheus.Query;
        await Eventually.GetAsync("Redis to be seen", () => query.QueryAsync("redis_up"), up => up is [{ Value: 1 }]);
        (await query.RulesAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Group = "redis", Name = "RedisDown", Alert = true });

        await _stack.Redis.KillAsync();
        var firing = await _stack.Slack.WaitForAsync("Redis is down", m => m.Title == "firing RedisDown");
        (await query.FiringAsync()).Should().Equal("RedisDown");
        await _stack.Redis.StartAsync();
        var resolved = await _stack.Slack.WaitForAsync("Redis is back", m => m.Title == "resolved RedisDown");

        firing.Should().BeEquivalentTo(new { Channel = "#pipeline-warnings", Color = "danger" });
        resolved.Should().BeEquivalentTo(new { Channel = "#pipeline-warnings", Color = "good" });
        _stack.Slack.Mistakes.Should().BeEmpty();

        // What a test is told when something is wrong with the test itself.
        var target = (await query.TargetsAsync()).Should().ContainSingle(t => t.Job == "pipeline", "nobody listens there").Which;
        target.Should().BeEquivalentTo(new { Health = "down" });
        target.Error.Should().Contain("refused");
        var wrong = () => query.QueryAsync("rate(x)");
        (await wrong.Should().ThrowAsync<PromQlException>()).WithMessage("*rate(x)*range vector*");
    }

    public async ValueTask DisposeAsync()
    {
        if (_stack is not null) await _stack.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
