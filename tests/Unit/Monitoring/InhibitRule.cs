using System.Text.RegularExpressions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>A rule of docker/alertmanager/alertmanager.yml: while a source fires, nobody is told of the targets.</summary>
/// <param name="Equal">Labels that both have to have, with the same value.</param>
internal sealed partial record InhibitRule(IReadOnlyList<string> Sources, IReadOnlyList<string> Targets, IReadOnlyList<string> Equal)
{
    public static IReadOnlyList<InhibitRule> All { get; } = Read(File.ReadAllText(Repository.File("docker", "alertmanager", "alertmanager.yml")));

    public static IReadOnlyList<InhibitRule> Read(string configuration) =>
    [
        .. Rule().Matches(configuration).Select(m => new InhibitRule(
            Names(m.Groups["sources"].Value), Names(m.Groups["targets"].Value), m.Groups["equal"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))),
    ];

    /// <summary>A|B(C|D)E gives A, BCE and BDE.</summary>
    private static IReadOnlyList<string> Names(string pattern)
    {
        var alternatives = Alternative().Matches(pattern).Select(m => m.Value).ToList();
        return [.. alternatives.SelectMany(a => Inner().Match(a) is { Success: true } inner ? inner.Groups["any"].Value.Split('|').Select(n => Inner().Replace(a, n)) : [a])];
    }

    [GeneratedRegex(@"^  - source_matchers: \[alertname=~?""(?<sources>[^""]+)""\]\n    target_matchers: \[alertname=~?""(?<targets>[^""]+)""\]\n(?:    equal: \[(?<equal>[^\]]+)\]\n)?", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"\w+(?:\([\w|]+\)\w*)?")]
    private static partial Regex Alternative();

    [GeneratedRegex(@"\((?<any>[\w|]+)\)")]
    private static partial Regex Inner();
}
