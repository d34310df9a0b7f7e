using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>The queries of Grafana's dashboards, as Grafana would send them.</summary>
public static partial class DashboardQueries
{
    /// <summary>Every query of every panel, variable and annotation of the dashboards in a folder; none when there is no such folder.</summary>
    public static IReadOnlyList<DashboardQuery> In(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. from file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           from query in Of(File.ReadAllText(file), Path.GetFileNameWithoutExtension(file))
           select query,
    ];

    /// <summary>Every query of one dashboard.</summary>
    /// <param name="json">The dashboard.</param>
    public static IEnumerable<DashboardQuery> Of(string json, string name) => Of(JsonElement.Parse(json), name);

    private static IEnumerable<DashboardQuery> Of(JsonElement dashboard, string name)
    {
        foreach (var panel in Panels(dashboard))
        {
            foreach (var target in Items(panel, "targets"))
            {
                if (Text(target, "expr") is { } query) yield return new(name, Text(panel, "title") ?? "", Filled(query));
            }
        }

        foreach (var annotation in dashboard.TryGetProperty("annotations", out var annotations) ? Items(annotations, "list") : [])
        {
            if (Text(annotation, "expr") is { } query) yield return new(name, $"annotation {Text(annotation, "name")}", Filled(query));
        }

        foreach (var variable in dashboard.TryGetProperty("templating", out var templating) ? Items(templating, "list") : [])
        {
            if (VariableQuery(variable) is { } query && LabelValues().Match(query) is { Success: true } values)
                yield return new(name, $"variable {Text(variable, "name")}", Filled(values.Groups["query"].Value));
        }
    }

    private static IEnumerable<JsonElement> Panels(JsonElement parent) =>
        Items(parent, "panels").SelectMany(panel => Panels(panel).Prepend(panel));

    private static List<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static string? VariableQuery(JsonElement variable) =>
        variable.TryGetProperty("query", out var query) && query.ValueKind == JsonValueKind.Object ? Text(query, "query") : Text(variable, "query");

    // Grafana's own variables are times; those of a dashboard stand for any value.
    private static string Filled(string query) => Variable().Replace(OneValue().Replace(query, "=~\".*\""), m => m.Groups["name"].Value switch
    {
        "__rate_interval" or "__interval" => "10s",
        "__range" => "1m",
        "__range_s" => "60",
        _ => ".*",
    });

    [GeneratedRegex(@"=""\$(?!__)(?:\{\w+(?::\w+)?\}|\w+)""")]
    private static partial Regex OneValue();

    [GeneratedRegex(@"\$(?:\{(?<name>\w+)(?::\w+)?\}|(?<name>\w+))")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*label_values\(\s*(?<query>.+?)\s*,\s*\w+\s*\)\s*$|^\s*query_result\((?<query>.+)\)\s*$")]
    private static partial Regex LabelValues();
}
