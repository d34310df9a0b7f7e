using System.Globalization;
using System.Net;
using System.Text;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Load.Scenarios;
using static System.FormattableString;

namespace Pipeline.Tests.Load.Reports;

/// <summary>Writes what came of a scenario to <c>artifacts/load/</c>: a page with charts, Markdown, and a line a second as CSV.</summary>
internal sealed class LoadReport(Scenario scenario, LoadResult result, Verdict verdict)
{
    public static string Folder { get; } = Repository.File("artifacts", "load");

    public void Write()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, $"{scenario.Name}.md"), ToMarkdown());
        File.WriteAllText(Path.Combine(Folder, $"{scenario.Name}.html"), ToHtml());
        File.WriteAllText(Path.Combine(Folder, $"{scenario.Name}.csv"), ToCsv());
    }

    private IEnumerable<(string Name, string Value)> Figures()
    {
        yield return ("Engine", result.Engine);
        yield return ("Model", scenario.Profile.Callers is { } callers ? Invariant($"closed, {callers} callers") : "open: operations begin on time");
        if (result.Offered is { } offered) yield return ("Offered", Invariant($"{offered:N0}/s"));
        yield return ("Achieved", Invariant($"{result.Rate:N0}/s over {result.Elapsed.TotalSeconds:0.0} s"));
        yield return ("Succeeded", Invariant($"{result.Ok:N0}"));
        yield return ("Failed", Invariant($"{result.Failed:N0}"));
        if (scenario.Thresholds.MinDrift is not null) yield return ("Last third over first third", Invariant($"{result.Drift:P1}"));
        yield return ("Latency P50 / P95 / P99", Invariant($"{result.Latency.P50:0.00} / {result.Latency.P95:0.00} / {result.Latency.P99:0.00} ms"));
        yield return ("Latency P99.9 / max / mean", Invariant($"{result.Latency.P999:0.00} / {result.Latency.Max:0.00} / {result.Latency.Mean:0.00} ms"));
        if (result.Lateness is { } late) yield return ("Generator late by P50 / P99 / max", Invariant($"{late.P50:0.00} / {late.P99:0.00} / {late.Max:0.00} ms"));
        yield return ("Generator and product together", Invariant($"{result.Own.Cpu:P0} of the cores, {result.Own.Paused:P1} of the time in collection"));
        yield return ("Thresholds", Judged(scenario.Thresholds, result.Offered is not null));
        yield return ("Verdict", verdict.Passed ? "passed" : string.Join("; ", verdict.Missed));
        if (verdict.Note is not null) yield return ("Note", verdict.Note);
    }

    private string ToMarkdown()
    {
        var text = new StringBuilder(Invariant($"# {scenario.Name}\n\n{scenario.Description}\n\n| | |\n| --- | --- |\n"));
        foreach (var (name, value) in Figures()) text.Append(CultureInfo.InvariantCulture, $"| {name} | {value.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return text.ToString();
    }

    private string ToCsv()
    {
        var text = new StringBuilder("second,ok,failed,p50_ms,p95_ms,p99_ms,max_ms\n");
        foreach (var s in result.Seconds)
        {
            text.Append(CultureInfo.InvariantCulture, $"{s.Number},{s.Ok},{s.Failed},{s.Latency.P50:0.###},{s.Latency.P95:0.###},{s.Latency.P99:0.###},{s.Latency.Max:0.###}\n");
        }

        return text.ToString();
    }

    private string ToHtml()
    {
        var rows = string.Concat(Figures().Select(f => $"<tr><th scope=\"row\">{WebUtility.HtmlEncode(f.Name)}</th><td>{WebUtility.HtmlEncode(f.Value)}</td></tr>\n"));
        var rate = new LineChart("Operations per second", "/s", [("succeeded", [.. result.Seconds.Select(s => (double)s.Ok)]), ("failed", [.. result.Seconds.Select(s => (double)s.Failed)])], Logarithmic: false);
        var latency = new LineChart(
            "Latency by second", "ms",
            [
                ("P50", [.. result.Seconds.Select(s => s.Latency.P50)]), ("P95", [.. result.Seconds.Select(s => s.Latency.P95)]),
                ("P99", [.. result.Seconds.Select(s => s.Latency.P99)]), ("max", [.. result.Seconds.Select(s => s.Latency.Max)]),
            ],
            Logarithmic: true);
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{WebUtility.HtmlEncode(scenario.Name)}}</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { text-align: left; padding: .25rem 1rem .25rem 0; vertical-align: top; border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums; }
            th { font-weight: 500; }
            svg { width: 100%; height: auto; }
            svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
            </style>
            </head>
            <body>
            <h1>{{WebUtility.HtmlEncode(scenario.Name)}}</h1>
            <p>{{WebUtility.HtmlEncode(scenario.Description)}}</p>
            <table>
            {{rows}}</table>
            {{rate.ToSvg()}}
            {{latency.ToSvg()}}
            </body>
            </html>
            """;
    }

    private static string Judged(Thresholds thresholds, bool hasRate)
    {
        string?[] judged =
        [
            "nothing fails",
            hasRate && thresholds.MinRate is { } rate ? Invariant($"rate ≥ {rate:P0} of what is offered") : null,
            thresholds.MinDrift is { } drift ? Invariant($"last third ≥ {drift:P0} of the first") : null,
            Limit("P50", thresholds.P50Ms), Limit("P95", thresholds.P95Ms), Limit("P99", thresholds.P99Ms),
        ];
        return string.Join(", ", judged.OfType<string>());
    }

    private static string? Limit(string name, double? ms) => ms is { } limit ? Invariant($"{name} < {limit:0.##} ms") : null;
}
