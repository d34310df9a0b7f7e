using System.Globalization;
using System.Text;
using Pipeline.Tests.Load.Scenarios;
using static System.FormattableString;

namespace Pipeline.Tests.Load.Reports;

/// <summary>Writes what came of a scenario: rate and latency as charts, and a line a second as CSV.</summary>
internal sealed class LoadReport(Scenario scenario, LoadResult result, Verdict verdict)
{
    public void Write() => ReportFiles.Write(
        scenario.Name, scenario.Description, string.Concat(Figures().Select(ReportFiles.HtmlRow)), [Rate(), LatencyBySecond()],
        string.Concat(((IEnumerable<string[]>)[["", ""], ["---", "---"], .. Figures()]).Select(ReportFiles.MarkdownRow)), ToCsv());

    private IEnumerable<string[]> Figures()
    {
        yield return ["Engine", result.Engine];
        yield return ["Model", scenario.Profile.Callers is { } callers ? Invariant($"closed, {callers} callers") : "open: operations begin on time"];
        if (result.Offered is { } offered) yield return ["Offered", Invariant($"{offered:N0}/s")];
        yield return ["Achieved", Invariant($"{result.Rate:N0}/s over {result.Elapsed.TotalSeconds:0.0} s")];
        yield return ["Succeeded", Invariant($"{result.Ok:N0}")];
        yield return ["Failed", Invariant($"{result.Failed:N0}")];
        if (scenario.Thresholds.MinDrift is not null) yield return ["Last third over first third", Invariant($"{result.Drift:P1}")];
        yield return ["Latency P50 / P95 / P99", Invariant($"{result.Latency.P50:0.00} / {result.Latency.P95:0.00} / {result.Latency.P99:0.00} ms")];
        yield return ["Latency P99.9 / max / mean", Invariant($"{result.Latency.P999:0.00} / {result.Latency.Max:0.00} / {result.Latency.Mean:0.00} ms")];
        if (result.Lateness is { } late) yield return ["Generator late by P50 / P99 / max", Invariant($"{late.P50:0.00} / {late.P99:0.00} / {late.Max:0.00} ms")];
        yield return ["Generator and product together", Invariant($"{result.Own.Cpu:P0} of the cores, {result.Own.Paused:P1} of the time in collection")];
        yield return ["Thresholds", Judged(scenario.Thresholds, result.Offered is not null)];
        yield return ["Verdict", verdict.Passed ? "passed" : string.Join("; ", verdict.Missed)];
        if (verdict.Note is not null) yield return ["Note", verdict.Note];
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

    private LineChart Rate() => new(
        "Operations per second", "/s", [("succeeded", [.. result.Seconds.Select(s => (double)s.Ok)]), ("failed", [.. result.Seconds.Select(s => (double)s.Failed)])], Logarithmic: false);

    private LineChart LatencyBySecond() => new(
        "Latency by second", "ms",
        [
            ("P50", [.. result.Seconds.Select(s => s.Latency.P50)]), ("P95", [.. result.Seconds.Select(s => s.Latency.P95)]),
            ("P99", [.. result.Seconds.Select(s => s.Latency.P99)]), ("max", [.. result.Seconds.Select(s => s.Latency.Max)]),
        ],
        Logarithmic: true);

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
