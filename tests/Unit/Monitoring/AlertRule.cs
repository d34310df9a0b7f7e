using System.Text.RegularExpressions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>A rule of docker/prometheus/rules, as it is written there.</summary>
/// <param name="Keys">Labels and annotations, in one: their names differ.</param>
internal sealed partial record AlertRule(string File, string Name, string Text, IReadOnlyDictionary<string, string> Keys)
{
    public static string Folder { get; } = Repository.File("docker", "prometheus", "rules");

    public static IReadOnlyList<AlertRule> All { get; } =
    [
        .. from file in Directory.EnumerateFiles(Folder, "*.yml").Order(StringComparer.Ordinal)
           from rule in Rule().Matches(System.IO.File.ReadAllText(file))
           select Read(Path.GetFileNameWithoutExtension(file), rule),
    ];

    /// <summary>Metrics of ours and of those we watch that the rule or its text asks for, without what Prometheus puts behind a histogram's name.</summary>
    public IEnumerable<string> Metrics => Metric().Matches(Text).Select(m => Suffix().Replace(m.Value, "")).Distinct();

    private static AlertRule Read(string file, Match rule)
    {
        var keys = Labels().Match(rule.Value).Groups["labels"].Value.Split(", ").Select(l => l.Split(": ")).Where(l => l.Length == 2).ToDictionary(l => l[0], l => l[1]);
        foreach (Match annotation in Annotation().Matches(rule.Value)) keys[annotation.Groups["key"].Value] = annotation.Groups["text"].Value.Trim();
        return new(file, rule.Groups["name"].Value, rule.Value, keys);
    }

    [GeneratedRegex(@"^      - alert: (?<name>\w+)\n(?:(?!      - ).*\n?)*", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^        labels: \{(?<labels>.*)\}", RegexOptions.Multiline)]
    private static partial Regex Labels();

    [GeneratedRegex(@"^          (?<key>\w+): (?<text>.*(?:\n            .*)*)", RegexOptions.Multiline)]
    private static partial Regex Annotation();

    // redis_exporter is the program.
    [GeneratedRegex(@"\b(?!redis_exporter\b)(?:pipeline|redis|prometheus|alertmanager|process)_[a-z0-9_]+(?=$|[\s{\[()])", RegexOptions.Multiline)]
    private static partial Regex Metric();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Suffix();
}
