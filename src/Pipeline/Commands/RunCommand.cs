using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary><c>pipeline run</c>: source → log → lake in one process.</summary>
internal static class RunCommand
{
    private const int MostPasses = 5;

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
        await using var redis = await RedisConnection.OpenToWriteAsync(context.Settings, cancellationToken);
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
        await redis.WhileLetInAsync(token => ArchiveAsync(parts, ingestor, scheduler, context, token), cancellationToken);
        return ExitCode.Ok;
    }

    /// <summary>
    /// Archives the source to its end, and once more what Redis has lost behind the ingestor's back. A Redis that loses it again and again is not to be waited for.
    /// </summary>
    private static async Task ArchiveAsync(PipelineParts parts, Ingestor ingestor, WindowScheduler scheduler, VerbContext context, CancellationToken cancellationToken)
    {
        var logger = context.Loggers.CreateLogger<LakeWriter>();
        for (var pass = 1; ; pass++)
        {
            await IngestAsync(ingestor, scheduler, cancellationToken);
            if (cancellationToken.IsCancellationRequested) return;
            if (scheduler.IsPaused())
            {
                logger.LogWarning(
                    "The source has ended, and the schedule is paused: what is not written stays in the log. `pipeline schedule resume`, then `pipeline write --once --drain`.");
                return;
            }

            try
            {
                await scheduler.OnceAsync(RunTrigger.End, drain: true, retried: null, cancellationToken);
                if (cancellationToken.IsCancellationRequested || await parts.IsDoneAsync(cancellationToken)) return;
                if (pass == MostPasses) throw new LostRecordsException("Redis has lost the end of the log again and again. `pipeline audit` says what may be wrong with it.");
            }
            catch (LostRecordsException) when (pass < MostPasses)
            {
            }

            logger.LogError("Redis has lost what the source had sent last. Reading the source again from where the log or the lake ends.");
        }
    }

    /// <summary>Reads the source to its end, and writes meanwhile when the schedule says so.</summary>
    private static async Task IngestAsync(Ingestor ingestor, WindowScheduler scheduler, CancellationToken cancellationToken)
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
    }
}
