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
            [.. Settings.OfRedis, .. Settings.OfLake, .. Settings.OfSchedule],
            RunAsync);
        command.Options.Add(_once);
        command.Options.Add(_drain);
        return command;
    }

    /// <summary>Writes what is closed, without a schedule, and says what came of it.</summary>
    public static async Task<int> OnceAsync(VerbContext context, RunTrigger trigger, bool drain, RunRecord? retried, CancellationToken cancellationToken)
    {
        await using var redis = await RedisConnection.OpenAsync(context.Settings);
        var stats = new WriteStats();
        using var scheduler = Scheduler(context, redis, stats);
        await scheduler.OnceAsync(trigger, drain, retried, cancellationToken);
        Console.WriteLine(StatusLine.Write(stats));
        return ExitCode.Ok;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var drain = context.Arguments.GetValue(_drain);
        if (context.Arguments.GetValue(_once)) return await OnceAsync(context, RunTrigger.Manual, drain, retried: null, cancellationToken);
        await using var redis = await RedisConnection.OpenAsync(context.Settings);
        var stats = new WriteStats();
        using var scheduler = Scheduler(context, redis, stats);
        using var status = StatusLine.Start(context, () => StatusLine.Write(stats));
        await redis.WhileLetInAsync(token => scheduler.RunAsync(drain, token), cancellationToken);
        return ExitCode.Ok;
    }

    private static WindowScheduler Scheduler(VerbContext context, RedisConnection redis, WriteStats stats)
    {
        var lake = Configuration.Lake(context.Settings);
        var parts = new PipelineParts(redis, Configuration.Log(context.Settings), lake, Configuration.Limits(context.Settings), context.Time, context.Loggers);
        return parts.Scheduler(stats, Configuration.Schedule(context.Settings, lake), new ScheduleStats());
    }
}
