using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Pipeline.Tests.Unit.Monitoring.DashboardFile;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>What a dashboard has to have, apart from its queries. A check yields what is wrong.</summary>
internal static class DashboardChecks
{
    // Those of Grafana's units that are in use here; a mistyped one would be printed behind the number.
    private static readonly string[] _units =
        ["none", "short", "s", "dtdurations", "dateTimeFromNow", "dateTimeAsIso", "bytes", "binBps", "percentunit", "eps", "ops"];

    private static readonly JsonSerializerOptions _layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyDictionary<string, Func<DashboardFile, IEnumerable<string>>> All { get; } = new Dictionary<string, Func<DashboardFile, IEnumerable<string>>>
    {
        ["is known by its file's name, and not by a number"] = d => Expect(
            ((string?)d.Root["uid"] == d.Name, "uid"), (d.Root.ContainsKey("id") && d.Root["id"] is null, "id"), ((int?)d.Root["schemaVersion"] == 39, "schemaVersion"),
            (d.Root["title"] is not null, "title"), ((string?)d.Root["timezone"] == "utc", "timezone, as in Slack and in the docs"), ((string?)d.Root["refresh"] == "30s", "refresh")),
        ["is laid out as a serializer does it, two spaces deep"] = d => Expect((d.Root.ToJsonString(_layout) + "\n" == d.Text, "jq --indent 2 . lays it out")),
        ["has panels with ids of their own"] = d => Twice(d.Everything, p => (int?)p["id"]),
        ["has panels with titles of their own"] = d => Twice(d.Everything, Title),
        ["describes every panel"] = d => d.Panels.Where(p => (string?)p["description"] is not { Length: > 10 } text || text[^1] != '.').Select(Title),
        ["names the datasource everywhere"] = d => d.Panels.Concat(d.Panels.SelectMany(Targets)).Concat(d.Annotations).Concat(d.Variables.Where(v => (string?)v["type"] == "query"))
            .Where(o => ((string?)o["datasource"]?["uid"], (string?)o["datasource"]?["type"]) != ("prometheus", "prometheus")).Select(o => Title(o) + (string?)o["expr"]),
        ["gives every panel a unit"] = d => d.Panels.Where(p => !_units.Contains((string?)Defaults(p)?["unit"]) || ((string?)Defaults(p)?["unit"] == "none" && !SaysWords(p))).Select(Title),
        ["names every line"] = d => d.Panels.Where(p => Targets(p).Any(t => string.IsNullOrEmpty((string?)t["legendFormat"])) || (IsGraph(p) && (bool?)p["options"]?["legend"]?["showLegend"] != true)).Select(Title),
        ["leaves a gap where there is no data"] = d => d.Panels.Where(p => (IsGraph(p) && (bool?)Defaults(p)?["custom"]?["spanNulls"] != false) || Defaults(p)?["noValue"]?.ToString().Any(char.IsDigit) == true).Select(Title),
        ["has no panels that overlap, and lists them as they are read"] = Overlaps,
        ["has thresholds that rise"] = d => d.Panels.Where(p => !Rise(p)).Select(Title),
    };

    private static IEnumerable<string> Overlaps(DashboardFile dashboard)
    {
        var places = dashboard.Everything.Select(p => (Title: Title(p), X: Place(p, "x"), Y: Place(p, "y"), W: Place(p, "w"), H: Place(p, "h"))).ToList();
        foreach (var p in places.Where(p => p.X < 0 || p.W <= 0 || p.H <= 0 || p.X + p.W > 24)) yield return p.Title;
        foreach (var (p, i) in places.Select((p, i) => (p, i)))
            foreach (var q in places.Skip(i + 1).Where(q => p.X < q.X + q.W && q.X < p.X + p.W && p.Y < q.Y + q.H && q.Y < p.Y + p.H)) yield return $"{p.Title} and {q.Title}";
        foreach (var (p, q) in places.Zip(places.Skip(1)).Where(n => (n.First.Y, n.First.X).CompareTo((n.Second.Y, n.Second.X)) >= 0)) yield return $"{q.Title} stands behind {p.Title}";
    }

    private static bool Rise(JsonObject panel)
    {
        var steps = Items(Defaults(panel)?["thresholds"]?["steps"]).Select(s => (double?)s["value"]).ToList();
        return steps.Count > 0 && steps[0] is null && steps.Skip(1).All(v => v is not null) && steps.Skip(1).SequenceEqual(steps.Skip(1).Order());
    }

    // Numbers that stand for words, or a table with a unit for each column.
    private static bool SaysWords(JsonObject panel) => Items(Defaults(panel)?["mappings"]).Any() || (string?)panel["type"] == "table";

    private static bool IsGraph(JsonObject panel) => (string?)panel["type"] is "timeseries" or "state-timeline";

    private static int Place(JsonObject panel, string name) => (int?)panel["gridPos"]?[name] ?? -1;

    private static IEnumerable<string> Twice<T>(IEnumerable<JsonObject> panels, Func<JsonObject, T> by) => panels.GroupBy(by).Where(g => g.Key is null || g.Count() > 1).Select(g => $"{g.Key}");

    private static IEnumerable<string> Expect(params IEnumerable<(bool Holds, string What)> conditions) => conditions.Where(c => !c.Holds).Select(c => c.What);
}
