using System.Globalization;
using System.Text;

namespace Pipeline.Bench;

/// <summary>The table, for the terminal and for the documentation.</summary>
internal sealed class Report(IReadOnlyList<Result> results, string machine, BenchOptions options)
{
    public const string Path = "docs/performance.md";

    private const string Begin = "<!-- bench:begin (written by bench/run --write) -->";
    private const string End = "<!-- bench:end -->";
    private static readonly string[] _head = ["benchmark", "measured", "reference", "ratio", "target", "verdict"];

    public string ToText()
    {
        var rows = Rows();
        var widths = Enumerable.Range(0, _head.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendLine(string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
        return text.AppendLine().Append(Machine()).ToString();
    }

    /// <summary>Replaces what stands between the markers, and leaves the rest of the page.</summary>
    public void Write()
    {
        var page = File.Exists(Path) ? File.ReadAllText(Path) : $"# Performance\n\n`bench/run --write` measures and writes this table.\n\n{Begin}\n{End}\n";
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new InvalidOperationException($"{Path} has lost its markers, '{Begin}' and '{End}'.");
        File.WriteAllText(Path, $"{page[..(begin + Begin.Length)]}\n\n{ToMarkdown()}\n{page[end..]}");
        Console.WriteLine($"Written to {Path}.");
    }

    private string ToMarkdown()
    {
        var text = new StringBuilder();
        var rows = Rows();
        rows.Insert(1, [.. _head.Select(_ => "---")]);
        foreach (var row in rows) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        return text.Append(CultureInfo.InvariantCulture, $"\n{Machine()}\n").ToString();
    }

    private string Machine() => string.Create(
        CultureInfo.InvariantCulture, $"{options.Events:N0} mock events, median of {options.Rounds} rounds (lowest–highest). {machine}.");

    private List<string[]> Rows() =>
    [
        _head,
        .. results.Select(r => new[] { r.Name, r.Measured, r.Reference ?? "", r.Ratio, r.Target, r.IsMet ? "met" : "MISSED" }),
    ];
}
