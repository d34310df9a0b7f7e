using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>How long an operator waits for the message that Redis has stopped, with the times that are shipped: the live tests have shorter ones.</summary>
public sealed class DetectionTimeTests
{
    private static readonly string _prometheus = Read("prometheus", "prometheus.yml");
    private static readonly string _rule = After(Read("prometheus", "rules", "redis.yml"), "- alert: RedisDown");
    private static readonly string _alertmanager = Read("alertmanager", "alertmanager.yml");
    private static readonly string _route = After(_alertmanager, "- matchers: [severity=\"critical\"]");

    private static readonly TimeSpan _scrape = Time(_prometheus, "scrape_interval");
    private static readonly TimeSpan _timeout = Time(_prometheus, "scrape_timeout");
    private static readonly TimeSpan _evaluation = Time(_prometheus, "evaluation_interval");

    // To deliver it, and for machines that are slow.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_Redis_that_has_stopped_is_in_Slack_within_a_minute()
    {
        // At worst Redis stops just after a scrape, the scrape that notices takes as long as it may, and comes just after an evaluation;
        // and a rule with `for:` fires at the first evaluation past it.
        var wait = Math.Ceiling(Time(_rule, "for") / _evaluation) * _evaluation;
        var notice = _scrape + _timeout + _evaluation + wait + Time(_route, "group_wait");

        (notice + _margin).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void What_is_critical_waits_for_nothing_that_has_been_told_already() =>
        Regex.Match(_route, @"group_by: \[(.*)\]").Groups[1].Value.Split(", ").Should().Contain("alertname", "what joins a group waits for group_interval");

    [Fact]
    public void A_Redis_that_is_back_is_in_Slack_within_three_minutes()
    {
        var notice = _scrape + _timeout + _evaluation + Time(_rule, "keep_firing_for") + Time(_route, "group_interval");

        (notice + _margin).Should().BeLessThanOrEqualTo(TimeSpan.FromMinutes(3));
    }

    private static string Read(params string[] path) => File.ReadAllText(Repository.File(["docker", .. path]));

    private static string After(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? text[at..] : throw new InvalidOperationException($"'{mark}' is not there any more.");

    /// <summary>The first such setting in a text.</summary>
    private static TimeSpan Time(string text, string setting) =>
        PromDuration.Parse(Regex.Match(text, $@"^\s*{setting}:\s*(\w+)", RegexOptions.Multiline).Groups[1].Value);
}
