using System.Globalization;
using System.Text;

namespace Pipeline.Bench;

/// <summary>Tables, for the terminal and for the documentation.</summary>
internal sealed class Report(IReadOnlyList<ResultTable> tables, string machine)
{
    public const string Path = "docs/performance.md";

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var table in tables)
        {
            IReadOnlyList<string>[] rows = [table.Head, .. table.Rows];
            var widths = Enumerable.Range(0, table.Head.Count).Select(c => rows.Max(r => r[c].Length)).ToArray();
            foreach (var row in rows) text.AppendLine(string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
            text.AppendLine().AppendLine(table.Note).AppendLine();
        }

        return text.Append(machine).ToString();
    }

    /// <summary>Replaces what stands between the markers of these tables, and leaves the rest of the page.</summary>
    public void Write()
    {
        var page = File.ReadAllText(Path);
        foreach (var table in tables)
        {
            var (beginMarker, endMarker) = ($"<!-- bench:{table.Name} (written by bench/run --write) -->", $"<!-- bench:{table.Name} end -->");
            var (begin, end) = (page.IndexOf(beginMarker, StringComparison.Ordinal), page.IndexOf(endMarker, StringComparison.Ordinal));
            if (begin < 0 || end < begin) throw new InvalidOperationException($"{Path} has lost its markers, '{beginMarker}' and '{endMarker}'.");
            page = $"{page[..(begin + beginMarker.Length)]}\n\n{ToMarkdown(table)}\n{page[end..]}";
        }

        File.WriteAllText(Path, page);
        Console.WriteLine($"Written to {Path}: {string.Join(", ", tables.Select(t => t.Name))}.");
    }

    private string ToMarkdown(ResultTable table)
    {
        var text = new StringBuilder();
        IReadOnlyList<string>[] rows = [table.Head, [.. table.Head.Select(_ => "---")], .. table.Rows];
        foreach (var row in rows) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        return text.Append(CultureInfo.InvariantCulture, $"\n{table.Note} {machine}\n").ToString();
    }
}
