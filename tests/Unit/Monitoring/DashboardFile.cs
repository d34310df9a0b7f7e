using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>A dashboard of docker/grafana/dashboards, as it is written there.</summary>
internal sealed partial record DashboardFile(string Name, string Text)
{
    public static string Folder { get; } = Repository.File("docker", "grafana", "dashboards");

    public static IReadOnlyList<DashboardFile> All { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(f => new DashboardFile(Path.GetFileNameWithoutExtension(f), File.ReadAllText(f))),
    ];

    public JsonObject Root { get; } = JsonNode.Parse(Text)!.AsObject();

    /// <summary>Panels and rows.</summary>
    public IReadOnlyList<JsonObject> Everything => [.. Items(Root["panels"])];

    /// <summary>Without the rows.</summary>
    public IReadOnlyList<JsonObject> Panels => [.. Everything.Where(p => (string?)p["type"] != "row")];

    public IReadOnlyList<JsonObject> Variables => [.. Items(Root["templating"]?["list"])];

    /// <summary>Without Grafana's own.</summary>
    public IReadOnlyList<JsonObject> Annotations => [.. Items(Root["annotations"]?["list"]).Where(a => a["builtIn"] is null)];

    /// <summary>The queries of panels and annotations, with what they belong to.</summary>
    public IEnumerable<(string Where, string Query)> Queries =>
        Panels.SelectMany(p => Targets(p).Select(t => (Title(p), (string?)t["expr"] ?? ""))).Concat(Annotations.Select(a => ((string?)a["name"] ?? "", (string?)a["expr"] ?? "")));

    /// <summary>The alerts whose runbook a panel links to.</summary>
    public static IReadOnlyList<string> Runbooks(JsonObject panel) =>
        [.. Items(panel["links"]).Select(l => RunbookTitle().Match((string?)l["title"] ?? "")).Where(m => m.Success).Select(m => m.Groups["alert"].Value)];

    public static IEnumerable<JsonObject> Targets(JsonObject panel) => Items(panel["targets"]);

    public static JsonNode? Defaults(JsonObject panel) => panel["fieldConfig"]?["defaults"];

    public static string Title(JsonObject panel) => (string?)panel["title"] ?? "";

    public static IEnumerable<JsonObject> Items(JsonNode? list) => list is JsonArray array ? array.OfType<JsonObject>() : [];

    [GeneratedRegex(@"^Runbook: (?<alert>\w+)$")]
    private static partial Regex RunbookTitle();
}
