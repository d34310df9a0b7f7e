using System.Globalization;
using System.Text;

namespace Pipeline.Scheduling.Prefect;

/// <summary>A run in words: a line for its state, and a page for its artifact.</summary>
internal static class RunSummary
{
    public static string Line(IReadOnlyList<WindowReport> windows, TimeSpan duration)
    {
        var (rows, bytes, files) = (windows.Sum(w => w.Rows.Values.Sum()), windows.Sum(w => w.Bytes.Values.Sum()), windows.Sum(w => w.Files));
        return windows.Count == 0
            ? "No window was closed."
            : Text($"{Count(windows.Count, "window")}, {rows:N0} rows in {Count(files, "file")}, {Megabytes(bytes)}, {duration.TotalSeconds:0.##} s.");
    }

    public static string Markdown(RunReport report, DateTimeOffset? scheduled, int attempt)
    {
        var page = new StringBuilder();
        void Add(FormattableString line) => page.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Add($"# DataWriter: {report.Outcome}");
        Add($"");
        if (report.Error is { } error) Add($"> {error}");
        if (report.Error is not null) Add($"");
        Add($"| | |");
        Add($"| --- | --- |");
        if (scheduled is { } due) Add($"| Scheduled | {due.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC |");
        Add($"| Attempt | {attempt} |");
        Add($"| Duration | {report.Duration.TotalSeconds:0.###} s |");
        Add($"| Windows | {report.Windows.Count} |");
        var (rows, bytes) = (report.Windows.Sum(w => w.Rows.Values.Sum()), report.Windows.Sum(w => w.Bytes.Values.Sum()));
        if (report.Windows.Count > 0 && report.Duration > TimeSpan.Zero)
        {
            Add($"| Rate | {rows / report.Duration.TotalSeconds:N0} rows/s, {Megabytes((long)(bytes / report.Duration.TotalSeconds))}/s |");
            Tables(report.Windows, Add);
            Windows(report.Windows, Add);
        }

        return page.ToString();
    }

    private static void Tables(IReadOnlyList<WindowReport> windows, Action<FormattableString> add)
    {
        add($"");
        add($"| Type | Rows | Size |");
        add($"| --- | ---: | ---: |");
        foreach (var table in windows.SelectMany(w => w.Rows.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            add($"| {table} | {Sum(windows, w => w.Rows, table):N0} | {Megabytes(Sum(windows, w => w.Bytes, table))} |");
        }

        add($"| **all** | **{windows.Sum(w => w.Rows.Values.Sum()):N0}** | **{Megabytes(windows.Sum(w => w.Bytes.Values.Sum()))}** in {Count(windows.Sum(w => w.Files), "file")} |");
    }

    private static void Windows(IReadOnlyList<WindowReport> windows, Action<FormattableString> add)
    {
        add($"");
        add($"| Window (UTC) | Rows | Files | Size | Duration |");
        add($"| --- | ---: | ---: | ---: | ---: |");
        foreach (var w in windows)
        {
            add($"| {w.Start:yyyy-MM-dd HH:mm:ss} to {w.End:HH:mm:ss} | {w.Rows.Values.Sum():N0} | {w.Files} | {Megabytes(w.Bytes.Values.Sum())} | {w.Duration.TotalSeconds:0.##} s |");
        }
    }

    private static long Sum(IReadOnlyList<WindowReport> windows, Func<WindowReport, IReadOnlyDictionary<string, long>> counts, string table) =>
        windows.Sum(w => counts(w).GetValueOrDefault(table));

    private static string Count(int number, string what) => Text($"{number:N0} {what}{(number == 1 ? "" : "s")}");

    private static string Megabytes(long bytes) => bytes < 100_000 ? Text($"{bytes / 1e3:0.#} kB") : Text($"{bytes / 1e6:0.##} MB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
