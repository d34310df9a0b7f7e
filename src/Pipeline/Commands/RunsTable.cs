using System.Globalization;
using Pipeline.Scheduling;
using Spectre.Console;

namespace Pipeline.Commands;

/// <summary>Shows runs to people.</summary>
internal static class RunsTable
{
    public static void Print(IReadOnlyList<RunRecord> runs)
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 140;
        var table = PlainTable.Create().AddColumn("run").AddColumn("scheduled, UTC", c => c.NoWrap()).AddColumn("late");
        foreach (var number in new[] { "took", "windows", "rows", "size" }) table.AddColumn(number, c => c.RightAligned().NoWrap());
        table.AddColumn("outcome").AddColumn("note");
        foreach (var run in runs)
        {
            table.AddRow(
                run.Id,
                RunText.Time(run.Scheduled),
                RunText.Late(run),
                RunText.Took(run),
                run.Windows.Count.ToString(CultureInfo.InvariantCulture),
                run.Rows.ToString("N0", CultureInfo.InvariantCulture),
                Quantity.FormatBytes(run.Bytes),
                $"[{Colour(run)}]{RunText.Outcome(run)}[/]",
                Markup.Escape(RunText.Note(run)));
        }

        AnsiConsole.Write(table);
    }

    private static string Colour(RunRecord run) => run.Outcome switch
    {
        RunOutcome.Written or RunOutcome.Nothing => "green",
        null or RunOutcome.Busy or RunOutcome.Cancelled => "yellow",
        _ => "red",
    };
}
