using System.Text.Json;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>What can be tried of the tests' Grafana where its image cannot be had.</summary>
public sealed class GrafanaServerTests
{
    [Fact]
    public void It_is_set_as_in_compose()
    {
        var settings = GrafanaServer.Settings(File.ReadAllText(Repository.File("docker", "compose.yaml")));

        settings["GF_SECURITY_ADMIN_PASSWORD__FILE"].Should().Be("/run/secrets/grafana_admin");
        settings["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].Should().Be("/etc/grafana/dashboards/pipeline.json");
        settings["GF_METRICS_ENABLED"].Should().Be("true");
        settings.Keys.Should().OnlyContain(k => k.StartsWith("GF_"));
    }

    [Theory]
    [InlineData("""{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","fields":[]},"data":{"values":[[1644488152084],[1]]}}]}}}""", true)]
    [InlineData("""{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","fields":[]},"data":{"values":[]}}]}}}""", false)]
    [InlineData("""{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","fields":[]},"data":{"values":[[],[]]}}]}}}""", false)]
    [InlineData("""{"results":{"A":{"status":200,"frames":[]}}}""", false)]
    [InlineData("""{"results":{"A":{"status":200}}}""", false)]
    public void An_answer_has_data_or_not(string answer, bool expected) => GrafanaQuery.HasData(JsonElement.Parse(answer)).Should().Be(expected);

    [Fact]
    public void An_error_is_told()
    {
        var read = () => GrafanaQuery.HasData(JsonElement.Parse("""{"results":{"A":{"error":"bad_data: 1:1: parse error","status":400}}}"""));

        read.Should().Throw<InvalidOperationException>().WithMessage("*parse error*");
    }
}
