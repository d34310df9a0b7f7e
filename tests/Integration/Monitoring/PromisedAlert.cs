using System.Text.RegularExpressions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>An alert as docker/prometheus/tests promise it, with real values in its text; promtool holds the rules to it (RulesTests).</summary>
internal sealed partial record PromisedAlert(string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    private static readonly string _folder = Repository.File("docker", "prometheus");

    /// <summary>Of each alert the first.</summary>
    public static IReadOnlyList<PromisedAlert> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(_folder, "tests"), "*.yml").Order(StringComparer.Ordinal)
            .SelectMany(f => Promise().Matches(File.ReadAllText(f))).Select(Read).DistinctBy(a => a.Name),
    ];

    /// <summary>The names of the shipped alerts.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(_folder, "rules"), "*.yml").SelectMany(f => Rule().Matches(File.ReadAllText(f))).Select(m => m.Groups["name"].Value)];

    private static PromisedAlert Read(Match promise)
    {
        var name = promise.Groups["name"].Value;
        var labels = promise.Groups["labels"].Value.Split(", ").Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => Text(l[1]));
        labels["alertname"] = name;
        return new(name, labels, Annotation().Matches(promise.Groups["annotations"].Value).ToDictionary(m => m.Groups["key"].Value, m => Text(m.Groups["text"].Value)));
    }

    private static string Text(string yaml) => yaml.Length > 1 && yaml[0] == '"' ? Regex.Unescape(yaml[1..^1]) : yaml;

    [GeneratedRegex(@"alertname: (?<name>\w+)\n +exp_alerts:\n +- exp_labels: \{(?<labels>[^}]*)\}\n +exp_annotations:\n(?<annotations>(?: {14}.*\n?)+)")]
    private static partial Regex Promise();

    [GeneratedRegex(@"^ {14}(?<key>\w+): (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Annotation();

    [GeneratedRegex(@"^ *- alert: (?<name>\w+)$", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
