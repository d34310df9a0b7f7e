using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Pipeline.Buffering;

namespace Pipeline.Commands;

/// <summary>Makes a command of a verb's settings and its method.</summary>
internal static class Verb
{
    public static Command Create(
        string name, string description, string example, IEnumerable<Setting> settings, Func<VerbContext, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, $"{description}\n\nExample:\n  {example.Replace("\n", "\n  ", StringComparison.Ordinal)}");
        foreach (var setting in settings) command.Options.Add(setting.Option);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var loggers = LoggerFactory.Create(Log);
            var settings = new SettingValues(arguments);
            try
            {
                return await run(new VerbContext(arguments, settings, loggers), cancellationToken);
            }
            catch (Exception e) when (Refusal.In(e) is { } refusal && e is not EnvironmentException)
            {
                throw RedisConnection.Refused(settings, refusal, e);
            }
        });
        return command;
    }

    /// <summary>The same for a verb whose exit code is a judgement, which one that was interrupted has not come to.</summary>
    public static Command CreateJudge(
        string name, string description, string example, IEnumerable<Setting> settings, Func<VerbContext, CancellationToken, Task<int>> run) =>
        Create(name, description, example, settings, async (context, cancellationToken) =>
        {
            try
            {
                return await run(context, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }
        });

    // Logs go to the error stream, so that what a verb prints can be piped.
    private static void Log(ILoggingBuilder logging) => logging
        .AddFilter("Pipeline", LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
}
