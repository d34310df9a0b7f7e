using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>
/// Who is silenced by whom. amtool cannot try it, and a name that no alert has, or a label that one side lacks, would silence nothing and say nothing.
/// That Redis' outage is one message in Slack, RedisAlertTests shows (tests/Integration/Monitoring).
/// </summary>
public sealed class InhibitRulesTests
{
    private static readonly string _tests = string.Join('\n', Directory.EnumerateFiles(Repository.File("docker", "prometheus", "tests"), "*.yml").Select(File.ReadAllText));

    // Something is gone, or will be: told whatever else is wrong.
    private static readonly string[] _loss =
        ["WriterEventsLost", "BufferEventsForgotten", "RedisEvictsKeys", "RedisDown", "PipelineDown", "LakeDiskAlmostFull", "SourceReplayRunsOut", "AlertmanagerNotificationsFail"];

    public static TheoryData<string, string, string> Pairs =>
        [.. from rule in InhibitRule.All from source in rule.Sources from target in rule.Targets select new TheoryDataRow<string, string, string>(source, target, string.Join(',', rule.Equal))];

    [Fact]
    public void Every_rule_is_read()
    {
        var text = File.ReadAllText(Repository.File("docker", "alertmanager", "alertmanager.yml"));

        InhibitRule.All.Count.Should().Be(Regex.Count(text, "source_matchers")).And.Be(Regex.Count(text, "target_matchers"));
        InhibitRule.All.Sum(r => r.Equal.Count).Should().Be(Regex.Count(text, @"^    equal: \[\w+\]$", RegexOptions.Multiline));
        InhibitRule.Read("  - source_matchers: [alertname=~\"A|B\"]\n    target_matchers: [alertname=~\"C(D|E)|F\"]\n    equal: [job, x]\n")
            .Single().Should().BeEquivalentTo(new InhibitRule(["A", "B"], ["CD", "CE", "F"], ["job", "x"]));
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Both_sides_are_alerts_that_have_the_labels_to_compare(string source, string target, string equal)
    {
        AlertRule.All.Select(r => r.Name).Should().Contain([source, target]);
        source.Should().NotBe(target);
        foreach (var label in equal.Split(',', StringSplitOptions.RemoveEmptyEntries))
            foreach (var alert in new[] { source, target }) Labels(alert).Should().Contain(label, "{0} without it is compared with nothing", alert);
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Loss_is_never_silenced(string source, string target, string equal) => _loss.Should().NotContain(target, "{0} (equal: {1}) does not say it", source, equal);

    [Theory]
    [InlineData("BufferUnreachable")]
    [InlineData("BufferFallsBehind")]
    [InlineData("BufferAppendsFail")]
    [InlineData("WriterStale")]
    [InlineData("WriterFailing")]
    [InlineData("SourceStalled")]
    [InlineData("SourceDisconnected")]
    [InlineData("SourceReconnects")]
    [InlineData("SourceThroughputLow")]
    public void Redis_that_is_down_silences_what_follows_from_it(string alert) =>
        InhibitRule.All.Where(r => r.Sources.Contains("RedisDown") && r.Equal.Count == 0).SelectMany(r => r.Targets).Should().Contain(alert, "job and instance of Redis are not the pipeline's");

    [Fact]
    public void Alerts_of_one_exporter_or_of_one_pipeline_silence_only_their_own()
    {
        foreach (var rule in InhibitRule.All.Where(r => r.Equal.Count == 0))
        {
            rule.Sources.Should().OnlyContain(s => s.StartsWith("Redis"));
            rule.Targets.Should().NotContain(t => t.StartsWith("Redis"), "{0} and it have an instance to compare", rule.Sources[0]);
        }
    }

    [Fact]
    public void Nobody_silences_whom_he_is_silenced_by()
    {
        var pairs = Pairs.Select(p => (p.Data.Item1, p.Data.Item2)).ToHashSet();

        pairs.Where(p => pairs.Contains((p.Item2, p.Item1))).Should().BeEmpty();
    }

    /// <summary>As promtool saw them, where the rules' tests say that it fires.</summary>
    private static IEnumerable<string> Labels(string alert)
    {
        var labels = Regex.Matches(_tests, $@"alertname: {alert}\n +exp_alerts:\n +- exp_labels: \{{(?<labels>[^}}]*)\}}").Select(m => m.Groups["labels"].Value.Split(", ").Select(l => l.Split(": ")[0])).ToList();
        labels.Should().NotBeEmpty("{0} is tested to fire", alert);
        return labels.Aggregate((a, b) => a.Intersect(b));
    }
}
