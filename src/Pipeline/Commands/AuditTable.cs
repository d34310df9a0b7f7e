using Pipeline.Buffering.Auditing;
using Spectre.Console;

namespace Pipeline.Commands;

/// <summary>Shows an audit to people: a table of everything, and below it why and how to mend what is not well.</summary>
internal static class AuditTable
{
    public static void Print(AuditResult result)
    {
        // Piped output has no width of its own to wrap at.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 120;
        var report = result.Report;
        AnsiConsole.MarkupLineInterpolated($"[bold]Redis {result.Server.VersionText} at {report.Server}, profile {Word(report.Profile)}[/]");
        var table = PlainTable.Create().AddColumns("setting", "expected", "actual", "verdict");
        foreach (var finding in report.Findings)
        {
            table.AddRow(Markup.Escape(finding.Setting), Cell(finding, finding.Expected), Cell(finding, finding.Actual), $"[{Colour(finding.Verdict)}]{Word(finding.Verdict)}[/]");
        }

        AnsiConsole.Write(table);
        foreach (var finding in report.Findings.Where(f => f.Verdict != Verdict.Ok).OrderByDescending(f => f.Verdict))
        {
            AnsiConsole.MarkupLineInterpolated($"[{Colour(finding.Verdict)}]{Word(finding.Verdict)}[/] {finding.Setting}");
            AnsiConsole.Write(Indented($"why: {finding.Why}"));
            AnsiConsole.Write(Indented($"mend: {finding.Mend}"));
        }

        Console.WriteLine(Summary(report));
    }

    private static string Summary(AuditReport report)
    {
        var counts = report.Findings.GroupBy(f => f.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Word(g.Key)}");
        var unread = report.Findings.Where(f => f is { Fails: true, Verdict: Verdict.Unknown }).Select(f => f.Setting).ToArray();
        var because = unread.Length > 0 ? $" Not passed, as long as {string.Join(", ", unread)} cannot be read." : "";
        return $"{report.Findings.Count} looked at: {string.Join(", ", counts)}. {(report.Passed ? "Passed." : "Not passed.")}{because}";
    }

    private static Padder Indented(string text) => new Padder(new Text(text)).Padding(2, 0, 0, 0);

    private static string Cell(AuditFinding finding, string? value) =>
        Markup.Escape(value switch { null => "?", "" => "\"\"", _ => finding.Unit is null ? value : RedisSize.Shorten(value) });

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Colour(Verdict verdict) => verdict switch { Verdict.Ok => "green", Verdict.Wrong => "red", _ => "yellow" };
}
