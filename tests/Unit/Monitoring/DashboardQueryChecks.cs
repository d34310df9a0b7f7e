using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using static Pipeline.Tests.Unit.Monitoring.DashboardFile;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>What the queries and links of a dashboard have to be. A check yields what is wrong.</summary>
internal static partial class DashboardQueryChecks
{
    private static readonly string _runbooks = File.ReadAllText(Repository.File("docs", "operations.md"));

    public static IReadOnlyDictionary<string, Func<DashboardFile, IEnumerable<string>>> All { get; } = new Dictionary<string, Func<DashboardFile, IEnumerable<string>>>
    {
        ["asks for metrics that somebody serves"] = d => d.Queries.Concat(VariableQueries(d)).SelectMany(q => Metrics(q.Query).Where(m => !KnownMetrics.Has(m)).Select(m => $"{q.Where}: {m}")),
        ["counts over a range, so that a restart is no drop"] = d => d.Queries.Where(q => Counter().Matches(q.Query).Any(c => !InRange(q.Query, c))).Select(q => q.Where),
        ["sees what was counted before the first scrape"] = d => d.Queries.Where(q => LateIncrease().Matches(q.Query).Any(i => !q.Query.Contains(FirstScrape(i), StringComparison.Ordinal))).Select(q => q.Where),
        ["has ranges that hold several scrapes"] = d => d.Queries.Where(q => Range().Matches(q.Query).Any(r => !HoldsScrapes(r.Groups["range"].Value))).Select(q => q.Where),
        ["makes no number up where there is none"] = d => d.Queries.Where(q => Regex.IsMatch(q.Query, @"\bor\s+(on\s*\(\s*\)\s*)?vector\b")).Select(q => q.Where),
        ["defines the variables that it uses, and uses those that it defines"] = Variables,
        ["colours where an alert does"] = d => d.Panels.SelectMany(p => Limits(p).Except(Numbers(p)).Select(v => $"{Title(p)}: {v}")),
        ["links dashboards that exist"] = d => Addresses(d).Select(u => DashboardPath().Match(u)).Where(m => m.Success && DashboardFile.All.All(o => o.Name != m.Groups["uid"].Value)).Select(m => m.Value)
            .Concat(DashboardFile.All.Where(o => o.Name != d.Name && !Addresses(d).Contains($"/d/{o.Name}")).Select(o => $"no link to {o.Name}")),
        ["links runbooks that exist"] = d => d.Panels.SelectMany(p => Items(p["links"]).Where(l => !IsRunbook(l)).Select(l => $"{Title(p)}: {(string?)l["url"]}")),
        ["shows what its alerts are about"] = d => AlertRule.All.Where(r => r.Keys["dashboard"] == $"/d/{d.Name}" && r.Keys["severity"] != "info").Select(r => r.Name)
            .Except(d.Panels.SelectMany(Runbooks)),
    };

    private static IEnumerable<string> Metrics(string query) =>
        new PromQlText(Variable().Replace(query, "1m")).Selectors.Select(s => s.Split('{')[0]);

    private static IEnumerable<(string Where, string Query)> VariableQueries(DashboardFile dashboard) =>
        DashboardQueries.Of(dashboard.Root.ToJsonString(), dashboard.Name).Where(q => q.Panel.StartsWith("variable ", StringComparison.Ordinal)).Select(q => (q.Panel, q.Query));

    // rate(x{...}[ or increase(x[, or where only its being there counts
    private static bool InRange(string query, Match counter) =>
        InFunction().IsMatch(query[..counter.Index]) || WasThere().IsMatch(query[counter.Index..]);

    // A series that was not there when the range began came with this value. The least in the range: not more than that after a restart, either.
    private static string FirstScrape(Match increase) =>
        $"or label_replace(min_over_time({increase.Groups["series"]}[{increase.Groups["range"]}]) unless {increase.Groups["series"]} offset {increase.Groups["range"]} and on (job, instance) ";

    private static bool HoldsScrapes(string range) =>
        range is "$__rate_interval" or "$__range" || (!range.StartsWith('$') && PromDuration.Parse(range) >= TimeSpan.FromMinutes(1));

    private static IEnumerable<string> Variables(DashboardFile dashboard)
    {
        var defined = dashboard.Variables.Select(v => (string?)v["name"] ?? "").ToHashSet();
        var used = Variable().Matches(dashboard.Text).Select(m => m.Groups["name"].Value).Where(n => !n.StartsWith("__", StringComparison.Ordinal)).ToHashSet();
        return used.Except(defined).Select(n => $"{n} is not defined").Concat(defined.Except(used).Select(n => $"{n} is not used"));
    }

    // Half of something is "any of what is counted".
    private static IEnumerable<double> Limits(JsonObject panel) =>
        Items(Defaults(panel)?["thresholds"]?["steps"]).Select(s => (double?)s["value"]).OfType<double>().Where(v => v is not (0.5 or 1));

    private static IEnumerable<double> Numbers(JsonObject panel) =>
        from alert in Runbooks(panel)
        from rule in AlertRule.All.Where(r => r.Name == alert)
        from number in Number().Matches(rule.Text)
        select double.Parse(number.Groups["value"].Value, CultureInfo.InvariantCulture) * (number.Groups["hours"].Success ? 3600 : 1);

    private static IEnumerable<string> Addresses(DashboardFile dashboard) => Items(dashboard.Root["links"]).Select(l => (string?)l["url"] ?? "");

    private static bool IsRunbook(JsonObject link) =>
        ((string?)link["title"] ?? "").Split("Runbook: ") is ["", var alert] && (string?)link["url"] == $"${{runbooks:raw}}#{alert.ToLowerInvariant()}" && _runbooks.Contains($"\n### {alert}\n");

    [GeneratedRegex(@"\b(?:[a-z][a-z0-9_]*_(?:total|bucket|sum|count)|redis_aof_delayed_fsync)\b(?!\s*\()")]
    private static partial Regex Counter();

    [GeneratedRegex(@"(?:rate|increase|min_over_time)\($")]
    private static partial Regex InFunction();

    [GeneratedRegex(@"^\w+(?:\{[^}]*\})? offset ")]
    private static partial Regex WasThere();

    // What a program counts in its first run, which is over before anybody looks, and what Redis names only when it has occurred.
    [GeneratedRegex(@"increase\((?<series>(?:pipeline_(?:writer|schedule)_\w+|redis_errors)_total\{[^}]*\})\[(?<range>\w+)\]\)")]
    private static partial Regex LateIncrease();

    [GeneratedRegex(@"\[(?<range>[^\]:]+)(?::[^\]]*)?\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\$(?:\{(?<name>\w+)(?:[:.][\w.]+)?\}|(?<name>\w+))")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^/d/(?<uid>[\w-]+)")]
    private static partial Regex DashboardPath();

    [GeneratedRegex(@"(?<![\w.])(?<value>\d+(?:\.\d+)?)(?<hours> \* 3600)?\b")]
    private static partial Regex Number();
}
