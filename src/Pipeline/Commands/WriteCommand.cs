using System.CommandLine;
using Pipeline.Archiving;
using Pipeline.Scheduling;

namespace Pipeline.Commands;

/// <summary><c>pipeline write</c>: log → lake.</summary>
internal static class WriteCommand
{
    private static readonly Option<bool> _once = new("--once") { Description = "Write what is closed, and stop." };
    private static readonly Option<bool> _drain = new("--drain") { Description = "Also write the open window of a source that has ended." };

    public static Command Create()
    {
        var command = Verb.Create(
            "write",
            "Write closed windows of the log to the lake, when the schedule says so, until the program is stopped.",
            "pipeline write --lake /data/bluesky\npipeline write --once --drain",
            [.. Settings.OfRedis, .. Settings.OfLake, .. Settings.OfSchedule, Settings.Listen],
            RunAsync);
        command.Options.Add(_once);
        command.Options.Add(_drain);
        return command;
    }

    /// <summary>Writes what is closed, without a schedule, and says what came of it.</summary>
    public static async Task<int> OnceAsync(VerbContext context, RunTrigger trigger, bool drain, RunRecord? retried, CancellationToken cancellationToken)
    {
        var lake = Configuration.Lake(context.Settings);
        var schedule = Configuration.Schedule(context.Settings, lake);
        var (log, limits) = (Configuration.Log(context.Settings), Configuration.Limits(context.Settings));
        await using var redis = await RedisConnection.OpenToWriteAsync(context.Settings, cancellationToken);
        var stats = new WriteStats();
        var parts = new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers);
        using var scheduler = parts.Scheduler(parts.Runs(stats), schedule);
        await scheduler.OnceAsync(trigger, drain, retried, cancellationToken);
        Console.WriteLine(StatusLine.Write(stats));
        if (drain && !cancellationToken.IsCancellationRequested)
        {
            foreach (var note in await parts.DrainCheck().CheckAsync(cancellationToken)) Console.WriteLine(note);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var drain = context.Arguments.GetValue(_drain);
        if (context.Arguments.GetValue(_once)) return await OnceAsync(context, RunTrigger.Manual, drain, retried: null, cancellationToken);
        var lake = Configuration.Lake(context.Settings);
        var schedule = Configuration.Schedule(context.Settings, lake);
        var (log, limits) = (Configuration.Log(context.Settings), Configuration.Limits(context.Settings));
        var listen = ListenAddress.Of(context.Settings, ListenAddress.WritePort);
        await using var redis = await RedisConnection.OpenToWriteAsync(context.Settings, cancellationToken);
        var stats = new WriteStats();
        var parts = new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers);
        await parts.CheckLakeAsync();
        var runs = parts.Runs(stats);
        using var scheduler = parts.Scheduler(runs, schedule);
        await using var monitor = new ProgramMonitor(context, "write", listen, redis, log).Watch(lake, stats, runs, scheduler.Stats, schedule);
        await monitor.StartAsync(endpoints: null, cancellationToken);
        using var status = StatusLine.Start(context, () => StatusLine.Write(stats));
        await redis.WhileLetInAsync(token => scheduler.RunAsync(drain, token), cancellationToken);
        return ExitCode.Ok;
    }
}
