using System.CommandLine;
using System.Globalization;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;

namespace Pipeline.Commands;

/// <summary><c>pipeline compact</c>: the files of finished hours become one a table.</summary>
internal static class CompactCommand
{
    private static readonly Argument<string> _lake = new("lake") { Description = "Folder of the lake." };
    private static readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, and change nothing." };

    public static Command Create()
    {
        var command = Verb.CreateJudge(
            "compact",
            "Make one file of an hour's files of a table, for hours that are finished. Runs beside the writer. Exit code 1 when an hour had to be left alone.",
            "pipeline compact lake --dry-run\npipeline compact /data/bluesky",
            [],
            RunAsync);
        command.Arguments.Add(_lake);
        command.Options.Add(_dryRun);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var path = PathText.Check(context.Arguments.GetRequiredValue(_lake), "The lake to compact", "its folder");
        var compactor = new LakeCompactor(new LakeOptions { Path = path }, context.Time);
        if (context.Arguments.GetValue(_dryRun))
        {
            foreach (var hour in Look(compactor)) Console.WriteLine($"{Name(hour)}: {Files(hour.FilesBefore, hour.BytesBefore)} would become {hour.FilesAfter}");
            return ExitCode.Ok;
        }

        var done = new List<CompactedHour>();
        await foreach (var hour in compactor.CompactAsync(cancellationToken))
        {
            done.Add(hour);
            Console.WriteLine($"{Name(hour)}: {(hour.LeftAlone is { } why ? $"left alone: {why}" : $"{Files(hour.FilesBefore, hour.BytesBefore)} -> {Files(hour.FilesAfter, hour.BytesAfter)}")}");
        }

        if (done.Count == 0) _ = Look(compactor);
        var compacted = done.FindAll(h => h.LeftAlone is null);
        if (compacted.Count > 0)
        {
            Console.WriteLine($"{Files(compacted.Sum(h => h.FilesBefore), compacted.Sum(h => h.BytesBefore))} became {Files(compacted.Sum(h => h.FilesAfter), compacted.Sum(h => h.BytesAfter))}; every row was read back.");
        }

        return compacted.Count == done.Count ? ExitCode.Ok : ExitCode.Findings;
    }

    /// <summary>What can be compacted; says so when there is nothing.</summary>
    private static IReadOnlyList<CompactedHour> Look(LakeCompactor compactor)
    {
        var (found, until) = compactor.Look();
        if (found.Count == 0) Console.WriteLine($"Nothing to compact before {until:yyyy-MM-dd HH:mm} UTC. Later hours are not finished yet: the last 16 windows, and those written within the last hour, stay as they are.");
        return found;
    }

    private static string Name(CompactedHour hour) => string.Create(CultureInfo.InvariantCulture, $"{hour.Start:yyyy-MM-dd HH}h {hour.Table}");

    private static string Files(int count, long bytes) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} file{(count == 1 ? "" : "s")} ({Quantity.FormatBytes(bytes)})");
}
