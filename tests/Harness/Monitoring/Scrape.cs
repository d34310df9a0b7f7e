using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>What a program's <c>/metrics</c> said at one moment.</summary>
public sealed partial class Scrape
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScrapedMetric> _metrics = new(StringComparer.Ordinal);

    private Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Add(line);
    }

    public string Text { get; }

    /// <summary>Every metric that is declared, with or without a value.</summary>
    public IReadOnlyDictionary<string, ScrapedMetric> Metrics => _metrics;

    /// <summary>The value of a series as it stands in the text, such as <c>pipeline_writer_runs_total{outcome="busy"}</c>; null when it is not there.</summary>
    public double? this[string series] => _values.TryGetValue(series, out var value) ? value : null;

    public static Scrape Parse(string text) => new(text);

    public static async Task<Scrape> OfAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = Deadlines.Condition };
        return new Scrape(await client.GetStringAsync("metrics", cancellationToken));
    }

    /// <summary>The series of a metric and their values.</summary>
    public IReadOnlyDictionary<string, double> Series(string metric) =>
        _values.Where(v => Name(v.Key) == metric).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);

    public override string ToString() => Text;

    private void Add(string line)
    {
        if (Declaration().Match(line) is { Success: true } declared)
        {
            var (what, name, text) = (declared.Groups[1].Value, declared.Groups[2].Value, declared.Groups[3].Value);
            var known = _metrics.GetValueOrDefault(name, new ScrapedMetric(name, "", "", []));
            _metrics[name] = what == "HELP" ? known with { Help = text } : known with { Type = text };
            return;
        }

        var end = line.LastIndexOf(' ');
        var series = line[..end];
        _values[series] = line[(end + 1)..] switch
        {
            "+Inf" => double.PositiveInfinity,
            "NaN" => double.NaN,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        };
        var metric = _metrics.GetValueOrDefault(Name(series)) ?? _metrics[Part().Replace(Name(series), "")];
        foreach (var label in Label().Matches(series).Select(m => m.Groups[1].Value).Where(l => l != "le")) metric.Labels.Add(label);
    }

    private static string Name(string series) => series.Split('{')[0];

    [GeneratedRegex("^# (HELP|TYPE) ([a-z0-9_]+) (.*)$")]
    private static partial Regex Declaration();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Part();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex Label();
}
