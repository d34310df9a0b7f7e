using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>The rules of docker/prometheus, by promtool: each alert fires when it should, with its text, and is silent when it should be.</summary>
public sealed class RulesTests
{
    private static readonly string _folder = Repository.File("docker", "prometheus");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(_folder, "tests"), "*.yml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Prometheus_takes_its_configuration_and_every_rule()
    {
        var (code, text) = await PromtoolAsync("check", "config", "--lint=all", "--lint-fatal", $"{ToolImage.Folder}/prometheus.yml");

        code.Should().Be(0, "{0}", text);
        foreach (var rules in Directory.EnumerateFiles(Path.Combine(_folder, "rules"))) text.Should().Contain(Path.GetFileName(rules));
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Alerts_fire_and_stay_silent_as_their_tests_say(string file)
    {
        var (code, text) = await PromtoolAsync("test", "rules", $"{ToolImage.Folder}/tests/{file}");

        code.Should().Be(0, "{0}", text);
        text.Should().Contain("SUCCESS");
    }

    private static async Task<(int ExitCode, string Text)> PromtoolAsync(params string[] arguments) =>
        await (await TestImages.PrometheusAsync()).CheckAsync(_folder, arguments);
}
