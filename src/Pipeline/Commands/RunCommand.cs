using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary><c>pipeline run</c>: source → log → lake in one process.</summary>
internal static class RunCommand
{
    public static Command Create() => Verb.Create(
        "run",
        "Archive a source: read it into the log, and write every closed window to the lake. A source that ends is written to the last event.",
        "pipeline run --lake /data/bluesky\npipeline run --source mock --rate 343 --window 10s",
        Settings.OfRun,
        RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var log = Configuration.Log(context.Settings);
        var lake = Configuration.Lake(context.Settings);
        var limits = Configuration.Limits(context.Settings);
        var schedule = Configuration.Schedule(context.Settings, lake);
        var listen = ListenAddress.Of(context.Settings, ListenAddress.RunPort);
        var source = SourceFactory.Create(context.Settings, limits, context.Loggers, context.Time);
        await using var redis = await RedisConnection.OpenToWriteAsync(context.Settings);
        var (ingested, written) = (new IngestStats(), new WriteStats());
        var parts = new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers);
        await parts.CheckLakeAsync();
        var ingestor = parts.Ingestor(source, ingested);
        var runs = parts.Runs(written);
        using var scheduler = parts.Scheduler(runs, schedule);

        await using var monitor = new ProgramMonitor(context, "run", listen, redis, log).Watch(source, ingested).Watch(lake, written, runs, scheduler.Stats, schedule);
        await using var page = listen is null ? null : new RunPage(context, monitor, source, ingested, written, scheduler, log, lake);
        await monitor.StartAsync(page is null ? null : page.Map, cancellationToken);
        using var status = StatusLine.Start(context, () => $"{StatusLine.Ingest(ingested)}; {StatusLine.Write(written)}");
        await redis.WhileLetInAsync(token => ArchiveAsync(ingestor, scheduler, context, token), cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task ArchiveAsync(Ingestor ingestor, WindowScheduler scheduler, VerbContext context, CancellationToken cancellationToken)
    {
        using var stopWriting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopIngest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = scheduler.RunAsync(drain: false, stopWriting.Token);
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

        if (cancellationToken.IsCancellationRequested) return;
        if (scheduler.IsPaused())
        {
            context.Loggers.CreateLogger<WindowScheduler>().LogWarning(
                "The source has ended, and the schedule is paused: what is not written stays in the log. `pipeline schedule resume`, then `pipeline write --once --drain`.");
            return;
        }

        await scheduler.OnceAsync(RunTrigger.End, drain: true, retried: null, cancellationToken);
    }
}
