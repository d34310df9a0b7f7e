namespace Pipeline.Tests.Load.Reports;

/// <summary>A table of figures that is no scenario's, such as one of scaling, with charts beside it.</summary>
internal sealed class Table(string name, string description, params string[] head)
{
    private readonly List<string[]> _rows = [];
    private readonly List<LineChart> _charts = [];

    public void Add(params string[] row) => _rows.Add(row);

    public void Add(LineChart chart) => _charts.Add(chart);

    /// <summary>Leaves the files, and returns the table as Markdown.</summary>
    public string Write()
    {
        var markdown = string.Concat(((IEnumerable<string[]>)[head, [.. head.Select(_ => "---")], .. _rows]).Select(ReportFiles.MarkdownRow));
        var html = string.Concat(((IEnumerable<string[]>)[head, .. _rows]).Select(ReportFiles.HtmlRow));
        var csv = string.Concat(((IEnumerable<string[]>)[head, .. _rows]).Select(row => string.Join(',', row.Select(Quoted)) + "\n"));
        ReportFiles.Write(name, description, html, _charts, markdown, csv);
        return markdown;
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
