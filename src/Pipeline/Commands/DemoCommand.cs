using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Pipeline.Buffering;
using Pipeline.Commands.Demo;
using Pipeline.Events;
using Pipeline.Sources;
using Pipeline.Sources.Mock;

namespace Pipeline.Commands;

/// <summary><c>pipeline demo</c>: the whole pipeline on a Redis of its own, and a check of every event.</summary>
internal static class DemoCommand
{
    private const string LakeFolder = "demo-lake";
    private const int ShownDifferences = 10;
    private const long HourOfEvents = 343 * 3600;

    private static readonly Option<long> _events = new("--events") { Description = $"Events of the mock firehose. [default: {HourOfEvents}, an hour]", DefaultValueFactory = _ => HourOfEvents };
    private static readonly Option<string?> _from = new("--from") { Description = "Use the events of an NDJSON file or folder (.gz and .zst too) instead.", HelpName = "file" };
    private static readonly Option<bool> _keep = new("--keep") { Description = "Leave Redis running with its data, to look around." };

    public static Command Create()
    {
        var command = Verb.Create(
            "demo",
            $"Push an hour of events through the whole pipeline as fast as it goes, on a Redis of its own, and check every one of them. The lake stays in ./{LakeFolder}.",
            "pipeline demo\npipeline demo --events 100000 --keep\npipeline demo --from events.jsonl",
            [Settings.Seed],
            RunAsync);
        command.Options.Add(_events);
        command.Options.Add(_from);
        command.Options.Add(_keep);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var (source, total) = Source(context);
        var lake = new LakeOptions { Path = LakeFolder };
        using var turn = DemoTurn.Take(Path.GetFullPath(lake.Path));
        var lakePath = EmptyLake(lake.Path);
        await using var redis = await PrivateRedis.StartAsync(context.Arguments.GetValue(_keep), cancellationToken);
        await using var connection = await RedisConnection.OpenAsync(redis.Address, "demo", cancellationToken);
        Console.WriteLine($"Redis: {redis.Description}, port {redis.Port}. Lake: {lakePath}.");

        var run = new DemoRun(connection, source, new LogOptions { Name = "demo" }, lake, context.Time, NullLoggerFactory.Instance);
        await using (DemoProgress.Start(run, total, context.Time)) await run.RunAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested) return ExitCode.Ok;

        Console.WriteLine("Checking every event.");
        var ledger = await DemoLedger.ReadAsync(Source(context).Source, new LogOptions(), new EventLimits(), context.Time, cancellationToken);
        if (ledger.Total == 0) throw new EnvironmentException($"'{context.Arguments.GetValue(_from)}' holds no events, so there is nothing to show.");
        var report = await new LakeVerifier(lake).VerifyAsync(new PacedProgress(context.Time), cancellationToken);
        DemoReport.Print(run, report);
        if (context.Arguments.GetValue(_keep))
        {
            Console.WriteLine($"Redis stays on port {redis.Port}: try `pipeline peek --log demo --redis {redis.Address}`. To end it: {await redis.KeepAsync()}");
        }

        return Conclude(DemoReport.Differences(run, ledger, report), lakePath);
    }

    private static int Conclude(IReadOnlyList<string> differences, string lakePath)
    {
        foreach (var difference in differences.Take(ShownDifferences)) Console.WriteLine($"WRONG: {difference}");
        if (differences.Count > ShownDifferences) Console.WriteLine($"... and {differences.Count - ShownDifferences} more. `pipeline verify {lakePath}` lists them.");
        if (differences.Count > 0) return ExitCode.Findings;
        Console.WriteLine("Every event is in the lake exactly once.");
        Console.WriteLine($"Look at it: duckdb -c \"select type, count(*) from read_parquet('{lakePath}/year=*/**/*.parquet', hive_partitioning=true, union_by_name=true) group by type\"");
        return ExitCode.Ok;
    }

    private static (IEventSource Source, long? Total) Source(VerbContext context)
    {
        if (context.Arguments.GetValue(_from) is { } path)
        {
            PathText.Check(path, "--from", "a file or a folder");
            return (new FileReplaySource(new FileReplayOptions { Path = path }, context.Time), null);
        }

        var events = context.Arguments.GetValue(_events);
        if (events < 1) throw new UsageException($"--events is {events}; use 1 or more.");
        return (new MockSource(new MockFirehoseOptions { Events = events, Seed = (ulong)context.Settings.Number(Settings.Seed, 42, 0, long.MaxValue) }), events);
    }

    /// <summary>Removes the lake of an earlier demo, and nothing else.</summary>
    private static string EmptyLake(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full) || !Directory.EnumerateFileSystemEntries(full).Any()) return full;
        if (!File.Exists(Path.Combine(full, LakeLayout.OwnFolder, "lake.json")))
        {
            throw new UsageException($"'{full}' is in the way: the demo writes its lake there, and this folder is none of its. Move it, or run the demo elsewhere.");
        }

        try
        {
            Directory.Delete(full, recursive: true);
            return full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException($"Cannot remove the lake of an earlier demo, '{full}': {Sentence.Of(e)} Remove it, or run the demo in another folder.", e);
        }
    }
}
