using System.Net;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Load.Reports;

/// <summary>The three files that every run leaves in <c>artifacts/load/</c>: a page with charts that needs no script, Markdown, and CSV.</summary>
internal static class ReportFiles
{
    public static string Folder { get; } = Repository.File("artifacts", "load");

    /// <param name="rows">The page's table as HTML rows.</param>
    public static void Write(string name, string description, string rows, IEnumerable<LineChart> charts, string markdown, string csv)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, $"{name}.md"), $"# {name}\n\n{description}\n\n{markdown}");
        File.WriteAllText(Path.Combine(Folder, $"{name}.html"), Page(name, description, rows, charts));
        File.WriteAllText(Path.Combine(Folder, $"{name}.csv"), csv);
    }

    /// <summary>A row of a table in Markdown.</summary>
    public static string MarkdownRow(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    /// <summary>A row of a table on a page, its first cell the head of the others.</summary>
    public static string HtmlRow(IEnumerable<string> cells) =>
        $"<tr>{string.Concat(cells.Select((c, i) => i == 0 ? $"<th scope=\"row\">{WebUtility.HtmlEncode(c)}</th>" : $"<td>{WebUtility.HtmlEncode(c)}</td>"))}</tr>\n";

    private static string Page(string name, string description, string rows, IEnumerable<LineChart> charts) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{WebUtility.HtmlEncode(name)}}</title>
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
        <h1>{{WebUtility.HtmlEncode(name)}}</h1>
        <p>{{WebUtility.HtmlEncode(description)}}</p>
        <table>
        {{rows}}</table>
        {{string.Join('\n', charts.Select(c => c.ToSvg()))}}
        </body>
        </html>
        """;
}
