using System.CommandLine;
using System.Globalization;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Commands;

/// <summary><c>pipeline verify</c>: reads every file of a lake, and says what is wrong.</summary>
internal static class VerifyCommand
{
    private const int Shown = 50;

    private static readonly Argument<string> _lake = new("lake") { Description = "Folder of the lake." };

    public static Command Create()
    {
        var command = Verb.CreateJudge(
            "verify",
            "Read every file of a lake: paths, schema, every row against its partition, duplicates, left-overs. Exit code 1 when something is wrong.",
            "pipeline verify lake",
            [],
            RunAsync);
        command.Arguments.Add(_lake);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var path = PathText.Check(context.Arguments.GetRequiredValue(_lake), "The lake to verify", "its folder");
        var report = await new LakeVerifier(new LakeOptions { Path = path }).VerifyAsync(new PacedProgress(context.Time), cancellationToken);
        foreach (var (table, rows) in report.Rows) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table,-9}{rows,15:N0} rows"));
        foreach (var note in report.Notes) Console.WriteLine($"note: {note}");
        foreach (var finding in report.Findings.Take(Shown)) Console.WriteLine($"{finding.Kind}: {finding.Message}");
        if (report.FindingCount > Shown) Console.WriteLine($"... and {report.FindingCount - Shown} more.");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Files:N0} files, {Quantity.FormatBytes(report.Bytes)}, {report.Windows:N0} windows: {(report.IsSound ? "nothing wrong" : $"{report.FindingCount:N0} finding(s)")}."));
        return report.IsSound ? ExitCode.Ok : ExitCode.Findings;
    }
}
