using System.Globalization;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Pipeline.Events;
using Spectre.Console;

namespace Pipeline.Commands.Demo;

/// <summary>What a demo run did, and whether every event is where it belongs.</summary>
internal static class DemoReport
{
    /// <summary>Prints the table of counts.</summary>
    public static void Print(DemoRun run, LakeReport lake)
    {
        var table = PlainTable.Create().AddColumns("type", "events", "rows in the lake", "files");
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        foreach (var type in EventTypes.All) AddRow(table, type.Name(), run.Ingested.Appended(type), run, lake);
        AddRow(table, LakeFileName.RejectedTable, run.Ingested.Rejected, run, lake);
        AnsiConsole.Write(table);

        var read = run.Ingested.Received;
        Console.WriteLine(Invariant(
            $"{read:N0} received = {run.Ingested.Acknowledged:N0} archived + {run.Ingested.Skipped:N0} of kinds not archived + {run.Ingested.Duplicates:N0} repeated."));
        Console.WriteLine(Invariant($"{run.Written.Files:N0} files, {Quantity.FormatBytes(run.Written.Bytes)}, {run.Written.Windows:N0} windows."));
        Console.WriteLine(Invariant(
            $"{run.Elapsed.TotalSeconds:N1} s, {read / run.Elapsed.TotalSeconds:N0} events/s from source to lake. Redis memory peak {Quantity.FormatBytes(run.Memory.Peak)} of {Quantity.FormatBytes(run.Memory.Max)}; {Quantity.FormatBytes(run.Ballast)} of it are ballast, however few the events."));
    }

    /// <summary>Compares what was sent with what the lake holds; returns what differs, none when every event is there exactly once.</summary>
    public static IReadOnlyList<string> Differences(DemoRun run, DemoLedger ledger, LakeReport lake)
    {
        var differences = new List<string>();
        foreach (var type in ledger.Digest.Differences(lake.Digest))
        {
            differences.Add(Invariant($"{type.Name()}: {ledger.Digest[type].Rows:N0} sent, {lake.Digest[type].Rows:N0} in the lake, or other ones."));
        }

        var rejected = lake.Rows.GetValueOrDefault(LakeFileName.RejectedTable);
        if (rejected != ledger.Rejected) differences.Add(Invariant($"rejected: {ledger.Rejected:N0} sent, {rejected:N0} in the lake."));

        // After a failure the source is read again from the log's tail, and what is read twice is received twice.
        if (run.Ingested.Recoveries == 0 && ledger.Total != run.Ingested.Received) differences.Add(Invariant($"{ledger.Total:N0} sent, {run.Ingested.Received:N0} received."));
        // A lake without files is what comes of events of kinds that are not archived.
        var isEmptyRightly = ledger.Rejected == 0 && EventTypes.All.All(t => ledger.Digest[t].Rows == 0);
        differences.AddRange(lake.Findings.Where(f => !(isEmptyRightly && f.Kind == LakeFindingKind.EmptyLake)).Select(f => $"{f.Kind}: {f.Message}"));
        return differences;
    }

    private static void AddRow(Spectre.Console.Table table, string name, long events, DemoRun run, LakeReport lake) => table.AddRow(
        name,
        Invariant($"{events:N0}"),
        Invariant($"{lake.Rows.GetValueOrDefault(name):N0}"),
        Invariant($"{run.Written.FilesOf(name):N0}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
