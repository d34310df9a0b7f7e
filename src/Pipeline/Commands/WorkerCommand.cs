using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Scheduling;
using Pipeline.Scheduling.Prefect;

namespace Pipeline.Commands;

/// <summary><c>pipeline worker</c>: log → lake, when a Prefect server says so.</summary>
internal static class WorkerCommand
{
    public static Command Create() => Verb.Create(
        "worker",
        "Write closed windows of the log to the lake as a worker of a Prefect 3 server: it sets up flow, work pool and deployment, runs what the server schedules, " +
        "and reports there. Credentials: --prefect-auth-file or PREFECT_API_AUTH_STRING (user:password), --prefect-key-file or PREFECT_API_KEY (Prefect Cloud).",
        "pipeline worker --prefect-api http://127.0.0.1:4200/api\npipeline worker --prefect-api http://prefect:4200/api --work-pool lake --every 10s --window 10s",
        [.. Settings.OfPrefect, .. Settings.OfRedis, .. Settings.OfLake, .. Settings.OfHistory, Settings.Listen],
        RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var prefect = PrefectSettings.Read(context.Settings);
        var log = Configuration.Log(context.Settings);
        var lake = Configuration.Lake(context.Settings);
        var history = Configuration.History(context.Settings, lake);
        var limits = Configuration.Limits(context.Settings);
        var listen = ListenAddress.Of(context.Settings, ListenAddress.WorkerPort);
        await using var redis = await RedisConnection.OpenAsync(context.Settings, cancellationToken);
        var stats = new WriteStats();
        var runs = new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers).Runs(stats);
        var schedule = new ScheduleStats();
        schedule.Is(next: null, paused: null, prefect.Every);
        using var recorded = new RecordedRuns(runs, history, schedule, context.Time, context.Loggers.CreateLogger<RecordedRuns>());
        using var worker = new PrefectWorker(prefect, recorded, context.Time, context.Loggers);
        await using var monitor = new ProgramMonitor(context, "worker", listen, redis, log).Watch(lake, stats, runs, schedule);
        await monitor.StartAsync(endpoints: null, cancellationToken);
        using var status = StatusLine.Start(context, () => StatusLine.Write(stats));
        try
        {
            await redis.WhileLetInAsync(worker.RunAsync, cancellationToken);
        }
        catch (PrefectException e)
        {
            var advice = e.IsRefusal ? " Give the server's user and password (--prefect-auth-file), or an API key (--prefect-key-file)." : "";
            throw new EnvironmentException($"Prefect at {prefect.Api}: {e.Message}{advice}", e);
        }

        return ExitCode.Ok;
    }
}
