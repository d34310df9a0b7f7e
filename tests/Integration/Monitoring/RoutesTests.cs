using System.Text.Json.Nodes;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>docker/alertmanager, by amtool: who hears of what, and what they read in Slack.</summary>
public sealed class RoutesTests
{
    private const string Configuration = $"{ToolImage.Folder}/alertmanager.yml";
    private static readonly string _folder = Repository.File("docker", "alertmanager");

    [Fact]
    public async Task Alertmanager_takes_its_configuration_and_its_templates()
    {
        var (code, text) = await AmtoolAsync("check-config", Configuration);

        code.Should().Be(0, "{0}", text);
    }

    [Theory]
    [InlineData("slack-critical", "alertname=RedisDown", "severity=critical", "component=redis", "job=redis")]
    [InlineData("slack-critical", "alertname=WriterEventsLost", "severity=critical", "component=writer", "job=pipeline")]
    [InlineData("slack-warning", "alertname=SourceLagging", "severity=warning", "component=source", "job=pipeline")]
    [InlineData("slack-info", "alertname=RedisRestarted", "severity=info", "component=redis", "job=redis")]
    [InlineData("slack-summary", "alertname=DailySummary", "severity=info", "component=pipeline", "job=pipeline")]
    [InlineData("watchdog", "alertname=Watchdog", "severity=info", "component=meta")]
    [InlineData("slack-warning", "alertname=WithoutSeverity")]
    [InlineData("slack-warning", "alertname=Misspelt", "severity=citical")]
    public async Task An_alert_goes_to_one_channel_by_its_severity(string receiver, params string[] labels)
    {
        var (code, text) = await AmtoolAsync(["config", "routes", "test", $"--config.file={Configuration}", $"--verify.receivers={receiver}", .. labels]);

        code.Should().Be(0, "{0}", text);
    }

    [Theory]
    [InlineData("slack.critical.title", "firing", "CRITICAL: Redis does not answer")]
    [InlineData("slack.critical.title", "resolved", "Resolved: Redis does not answer")]
    [InlineData("slack.warning.title", "firing", "Warning: Redis does not answer")]
    [InlineData("slack.info.title", "firing", "Info: Redis does not answer")]
    [InlineData("slack.info.title", "resolved", "Over: Redis does not answer")]
    [InlineData("slack.summary.title", "firing", "Redis does not answer")]
    public async Task A_title_says_how_bad_it_is_and_what(string template, string status, string expected) =>
        (await RenderAsync(template, status, Alert("RedisDown", "Redis does not answer", status))).Should().Be(expected);

    [Fact]
    public async Task Several_alerts_are_all_named_in_the_title() =>
        (await RenderAsync("slack.critical.title", "firing", Alert("A", "One", "firing"), Alert("B", "Two", "firing"), Alert("C", "Three", "resolved"))).Should().Be("CRITICAL: One; Two");

    [Fact]
    public async Task The_text_says_what_where_since_when_and_where_to_go_on()
    {
        var text = await RenderAsync("slack.text", "firing", Alert("RedisDown", "Redis does not answer", "firing"));

        text.Split('\n').Should().HaveCount(5);
        text.Should().StartWith("*Redis does not answer* (RedisDown)\nredis_up is 0.\nWhere: redis, redis-exporter:9121\nSince: 2026-07-04 14:05:06 UTC, ")
            .And.EndWith("\nRunbook: `docs/operations.md#redisdown` | <http://localhost:3000/d/redis-buffer|Dashboard>");
    }

    [Fact]
    public async Task The_text_of_what_is_over_says_how_long_it_was() =>
        (await RenderAsync("slack.text", "resolved", Alert("RedisDown", "Redis does not answer", "resolved")))
            .Should().Contain("*Resolved: Redis does not answer* (RedisDown)").And.Contain("From 2026-07-04 14:05:06 to 14:07:16 UTC, for 2m 10s\n").And.NotContain("redis_up");

    private static JsonObject Alert(string name, string summary, string status) => SlackText.Alert(
        status,
        new Dictionary<string, string> { ["alertname"] = name, ["job"] = "redis", ["instance"] = "redis-exporter:9121", ["severity"] = "critical", ["component"] = "redis" },
        new Dictionary<string, string> { ["summary"] = summary, ["description"] = "redis_up is 0.", ["runbook_url"] = "docs/operations.md#redisdown", ["dashboard"] = "/d/redis-buffer" });

    private static Task<string> RenderAsync(string template, string status, params JsonObject[] alerts) => SlackText.RenderAsync(template, status, alerts);

    private static async Task<(int ExitCode, string Text)> AmtoolAsync(params string[] arguments) =>
        await (await TestImages.AlertmanagerAsync()).CheckAsync(_folder, arguments);
}
