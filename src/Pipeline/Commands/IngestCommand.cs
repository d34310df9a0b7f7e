using System.CommandLine;
using Pipeline.Buffering;

namespace Pipeline.Commands;

/// <summary><c>pipeline ingest</c>: source → log.</summary>
internal static class IngestCommand
{
    public static Command Create() => Verb.Create(
        "ingest",
        "Read events from a source into the log, until the source ends or the program is stopped. Should Redis have lost the log, it goes on where the " +
        "lake ends, when it can see the lake.",
        "pipeline ingest --redis localhost:6379\npipeline ingest --source events.jsonl.zst --log backfill",
        [.. Settings.OfSource, .. Settings.OfRedis, .. Settings.OfBatches, Settings.LookBack, Settings.Lake, Settings.Listen],
        RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var log = Configuration.Log(context.Settings);
        var lake = Configuration.Lake(context.Settings);
        var limits = Configuration.Limits(context.Settings);
        var listen = ListenAddress.Of(context.Settings, ListenAddress.IngestPort);
        var source = SourceFactory.Create(context.Settings, limits, context.Loggers, context.Time);
        await using var redis = await RedisConnection.OpenToWriteAsync(context.Settings, cancellationToken);
        var stats = new IngestStats();
        var parts = new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers);
        var ingestor = parts.Ingestor(source, stats);
        await using var monitor = new ProgramMonitor(context, "ingest", listen, redis, log).Watch(source, stats);
        await monitor.StartAsync(endpoints: null, cancellationToken);
        using var status = StatusLine.Start(context, () => StatusLine.Ingest(stats));
        await redis.WhileLetInAsync(ingestor.RunAsync, cancellationToken);
        if (stats.HasEnded) await parts.SyncLogAsync();
        return ExitCode.Ok;
    }
}
