using FluentAssertions;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>The overlay of the live tests shortens times and touches nothing else.</summary>
public sealed class TestOverlayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("overlay-").FullName;

    [Theory]
    [InlineData("  scrape_interval: 15s", "  scrape_interval: 1s")]
    [InlineData("  scrape_timeout: 10s # why", "  scrape_timeout: 1s # why")]
    [InlineData("  evaluation_interval: 15s", "  evaluation_interval: 1s")]
    [InlineData("    interval: 1m", "    interval: 1s")]
    [InlineData("  - interval: 1m", "  - interval: 1s")]
    [InlineData("        for: 10s", "        for: 1s")]
    [InlineData("        for: 15s", "        for: 1s")]
    [InlineData("        for: 45s", "        for: 3s")]
    [InlineData("        for: 1h", "        for: 5s")]
    [InlineData("        for: 0s", "        for: 0s")]
    [InlineData("        keep_firing_for: 5m", "        keep_firing_for: 15s")]
    [InlineData("        keep_firing_for: 20s", "        keep_firing_for: 8s")]
    [InlineData("  group_wait: 5s", "  group_wait: 1s")]
    [InlineData("  group_wait: 30s", "  group_wait: 3s")]
    [InlineData("  group_interval: 1m30s", "  group_interval: 2s")]
    public void A_time_that_somebody_would_wait_for_is_short(string line, string expected) => Shortened(line).Should().Be(expected);

    [Theory]
    [InlineData("rate(x[5m]) > 0", "rate(x[10s]) > 0")]
    [InlineData("increase(x{a=\"b\"}[ 10m ])", "increase(x{a=\"b\"}[10s])")]
    [InlineData("max_over_time(rate(x[1h])[6h:5m])", "max_over_time(rate(x[15s])[15s:1s])")]
    [InlineData("x offset 1h", "x offset 15s")]
    public void A_range_of_a_query_is_short(string query, string expected) => Shortened($"        expr: {query}").Should().Be($"        expr: {expected}");

    [Theory]
    [InlineData("time() - x > 72", "time() - x > 12")]
    [InlineData("|\n          (\n            time() - x\n          ) > 60\n          and y > 12 * 3600", "|\n          (\n            time() - x\n          ) > 10\n          and y > 15")]
    public void An_age_need_not_be_high(string query, string expected) =>
        Shortened($"      - alert: A\n        expr: {query}\n        for: 1m\n").Should().Be($"      - alert: A\n        expr: {expected}\n        for: 4s\n");

    [Theory]
    [InlineData("  repeat_interval: 4h")]
    [InlineData("        expr: x > 720\n")]
    [InlineData("        expr: time() - x > 2.4 * window\n")]
    [InlineData("        expr: time() > 0\n        labels: {a: b}\n        x: a > 100\n")]
    [InlineData("          summary: Nothing for 5m")]
    [InlineData("    group_by: [alertname, job]")]
    [InlineData("      - matchers: ['severity=\"critical\"']")]
    public void Everything_else_stays(string line) => Shortened(line).Should().Be(line);

    [Fact]
    public void A_target_is_replaced_by_those_of_the_test()
    {
        Write("prometheus/prometheus.yml", "scrape_configs:\n  - job_name: pipeline\n    static_configs:\n      - targets: ['pipeline:9464']\n");
        Write("prometheus/rules/a.yml", "groups: []\n");
        Write("prometheus/tests/a.yml", "tests: []\n");

        var files = new TestOverlay(_folder).Prometheus(new Dictionary<string, IReadOnlyList<string>> { ["pipeline:9464"] = ["pipeline:1", "pipeline:2"] });

        files.Keys.Should().BeEquivalentTo("prometheus.yml", "rules/a.yml");
        files["prometheus.yml"].Should().Contain("""targets: ["pipeline:1", "pipeline:2"]""");
    }

    [Fact]
    public void A_target_that_is_not_there_is_an_error()
    {
        Write("prometheus/prometheus.yml", "scrape_configs: []\n");

        var overlay = () => new TestOverlay(_folder).Prometheus(new Dictionary<string, IReadOnlyList<string>> { ["pipeline:9464"] = ["pipeline:1"] });

        overlay.Should().Throw<InvalidOperationException>().WithMessage("*pipeline:9464*");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Shortened(string text)
    {
        Write("alertmanager/alertmanager.yml", text);
        return new TestOverlay(_folder).Alertmanager()["alertmanager.yml"];
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
