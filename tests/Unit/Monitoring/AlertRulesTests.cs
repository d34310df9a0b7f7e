using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>What every alert has to have. Whether it fires is for promtool and the live tests to say (tests/Integration/Monitoring).</summary>
public sealed partial class AlertRulesTests
{
    private static readonly string _runbooks = File.ReadAllText(Repository.File("docs", "operations.md"));
    private static readonly string _tests = string.Join('\n', Directory.EnumerateFiles(Repository.File("docker", "prometheus", "tests"), "*.yml").Select(File.ReadAllText));

    public static TheoryData<string> Names => [.. AlertRule.All.Select(r => r.Name)];

    [Fact]
    public void Every_group_has_the_name_of_its_file_and_every_alert_a_name_of_its_own()
    {
        string[] files = ["buffer", "pipeline-meta", "redis", "schedule", "source", "writer"];
        AlertRule.All.Select(r => r.File).Distinct().Should().Equal(files);
        AlertRule.All.Select(r => r.Name).Should().OnlyHaveUniqueItems();
        foreach (var file in files)
        {
            var text = File.ReadAllText(Path.Combine(AlertRule.Folder, file + ".yml"));
            Group().Matches(text).Select(m => m.Groups[1].Value).Should().Equal(file);
            AlertName().Count(text).Should().Be(AlertRule.All.Count(r => r.File == file), "every rule is read");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Says_how_bad_it_is_and_which_part_it_concerns(string name)
    {
        var rule = Rule(name);

        rule.Keys["severity"].Should().BeOneOf("critical", "warning", "info");
        rule.Keys["component"].Should().MatchRegex("^[a-z]+$");
    }

    [Theory, MemberData(nameof(Names))]
    public void Has_a_summary_without_values_and_a_description_with_the_value(string name)
    {
        var rule = Rule(name);

        rule.Keys["summary"].Should().MatchRegex("^[A-Z][^{}]{10,70}[^.{}]$", "a title is short, and the same for every value");
        rule.Keys["description"].Should().Contain("$value");
    }

    [Theory, MemberData(nameof(Names))]
    public void Links_a_runbook_that_exists_and_a_dashboard(string name)
    {
        var rule = Rule(name);

        rule.Keys["runbook_url"].Should().Be($"docs/operations.md#{name.ToLowerInvariant()}");
        Runbook(name).Should().Contain("```", "a runbook has commands, or the section it points to").And.NotContain("TODO");
        rule.Keys["dashboard"].Should().BeOneOf("/d/pipeline", "/d/redis-buffer");
    }

    [Theory, MemberData(nameof(Names))]
    public void Is_tested_for_firing_and_for_silence(string name)
    {
        _tests.Should().MatchRegex($@"alertname: {name}\n +exp_alerts:\n +- exp_labels");
        if (name != "Watchdog") _tests.Should().Contain($"alertname: {name}, exp_alerts: []");
    }

    [Theory, MemberData(nameof(Names))]
    public void Asks_for_metrics_that_somebody_serves(string name)
    {
        Rule(name).Metrics.Where(metric => !KnownMetrics.Has(metric)).Should().BeEmpty();
    }

    private static AlertRule Rule(string name) => AlertRule.All.Single(r => r.Name == name);

    private static string Runbook(string name)
    {
        var section = Regex.Match(_runbooks, $@"^### {name}\n(?<text>(?:(?!#{{1,3}} ).*\n?)*)", RegexOptions.Multiline);
        section.Success.Should().BeTrue("docs/operations.md should have a section ### {0}", name);
        return section.Groups["text"].Value;
    }

    [GeneratedRegex("^  - name: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Group();

    [GeneratedRegex("^ *- alert: ", RegexOptions.Multiline)]
    private static partial Regex AlertName();
}
