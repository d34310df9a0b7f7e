using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Monitoring;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary><c>pipeline run</c>: source → log → lake in one process.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan _drainRetry = TimeSpan.FromSeconds(1);

    public static Command Create() => Verb.Create(
        "run",
        "Archive a source: read it into the log, and write every closed window to the lake. A source that ends is written to the last event.",
        "pipeline run --lake /data/bluesky\npipeline run --source mock --rate 343 --window 10s",
        Settings.All,
        RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var log = Configuration.Log(context.Settings);
        var lake = Configuration.Lake(context.Settings);
        var limits = Configuration.Limits(context.Settings);
        var interval = Configuration.CheckInterval(context.Settings);
        var listen = ListenAddress.Of(context.Settings, ListenAddress.RunPort);
        var source = SourceFactory.Create(context.Settings, limits, context.Loggers, context.Time);
        await using var redis = await RedisConnection.OpenAsync(context.Settings);
        var (ingested, written) = (new IngestStats(), new WriteStats());
        var parts = new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers);
        var ingestor = parts.Ingestor(source, ingested);
        var runs = new WriterRuns(parts.Run(written), context.Time);
        var loop = new WriteLoop(runs, interval, context.Time, context.Loggers.CreateLogger<WriteLoop>());

        await using var monitor = new ProgramMonitor(context, "run", listen, redis, log).Watch(source, ingested).Watch(lake, written, runs);
        await using var page = listen is null ? null : new RunPage(context, monitor, source, ingested, written, runs, log, lake);
        await monitor.StartAsync(page is null ? null : page.Map, cancellationToken);
        using var status = StatusLine.Start(context, () => $"{StatusLine.Ingest(ingested)}; {StatusLine.Write(written)}");
        await redis.WhileLetInAsync(token => ArchiveAsync(ingestor, loop, context, token), cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task ArchiveAsync(Ingestor ingestor, WriteLoop loop, VerbContext context, CancellationToken cancellationToken)
    {
        using var stopWriting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopIngest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = loop.RunAsync(drain: false, stopWriting.Token);
        try
        {
            // A writer that breaks must not go unnoticed while the log fills up.
            var ingesting = ingestor.RunAsync(stopIngest.Token);
            if (await Task.WhenAny(ingesting, writing) == writing) await stopIngest.CancelAsync();
            await ingesting;
        }
        finally
        {
            await stopWriting.CancelAsync();
            await writing;
        }

        if (!cancellationToken.IsCancellationRequested) await DrainAsync(loop, context, cancellationToken);
    }

    /// <summary>Writes what is left of a source that has ended; an outage delays that, and does not end it.</summary>
    private static async Task DrainAsync(WriteLoop loop, VerbContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await loop.OnceAsync(drain: true, cancellationToken);
                return;
            }
            catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException && Refusal.In(e) is null)
            {
                context.Loggers.CreateLogger<WriteLoop>().LogWarning("Redis does not answer: {Error} Trying again.", e.Message);
                await Task.Delay(_drainRetry, context.Time, cancellationToken);
            }
        }
    }
}
