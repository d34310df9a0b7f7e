using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Monitoring;

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
            "Write closed windows of the log to the lake, again and again until the program is stopped.",
            "pipeline write --lake /data/bluesky\npipeline write --once --drain",
            [.. Settings.OfRedis, .. Settings.OfLake, Settings.CheckInterval, Settings.Listen],
            RunAsync);
        command.Options.Add(_once);
        command.Options.Add(_drain);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var log = Configuration.Log(context.Settings);
        var lake = Configuration.Lake(context.Settings);
        var limits = Configuration.Limits(context.Settings);
        var interval = Configuration.CheckInterval(context.Settings);
        var listen = ListenAddress.Of(context.Settings, ListenAddress.WritePort);
        await using var redis = await RedisConnection.OpenAsync(context.Settings);
        var stats = new WriteStats();
        var runs = new WriterRuns(new PipelineParts(redis, log, lake, limits, context.Time, context.Loggers).Run(stats), context.Time);
        var loop = new WriteLoop(runs, interval, context.Time, context.Loggers.CreateLogger<WriteLoop>());
        var drain = context.Arguments.GetValue(_drain);
        if (context.Arguments.GetValue(_once))
        {
            await loop.OnceAsync(drain, cancellationToken);
            Console.WriteLine(StatusLine.Write(stats));
            return ExitCode.Ok;
        }

        await using var monitor = new ProgramMonitor(context, "write", listen, redis, log).Watch(lake, stats, runs);
        await monitor.StartAsync(endpoints: null, cancellationToken);
        using var status = StatusLine.Start(context, () => StatusLine.Write(stats));
        await redis.WhileLetInAsync(token => loop.RunAsync(drain, token), cancellationToken);
        return ExitCode.Ok;
    }
}
