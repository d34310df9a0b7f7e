using System.CommandLine;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Commands;
using Pipeline.Scheduling;
using Pipeline.Sources;
using StackExchange.Redis;

var root = new RootCommand("Archives the Bluesky firehose: Jetstream in, exactly-once partitioned Parquet out.")
{
    DemoCommand.Create(),
    RunCommand.Create(),
    IngestCommand.Create(),
    WriteCommand.Create(),
    RunsCommand.Create(),
    ScheduleCommand.Create(),
    WorkerCommand.Create(),
    VerifyCommand.Create(),
    PeekCommand.Create(),
    AuditCommand.Create(),
    HealthCommand.Create(),
};

using var shutdown = new ShutdownSignal();
try
{
    var arguments = root.Parse(args);
    if (arguments.Errors.Count > 0 && arguments.Action is System.CommandLine.Invocation.ParseErrorAction)
    {
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke();
            return ExitCode.Usage;
        }

        var verb = arguments.CommandResult.Command is RootCommand ? "" : arguments.CommandResult.Command.Name + " ";
        var what = arguments.UnmatchedTokens is [var unknown, ..] ? $"'{Shown(unknown)}' is no command, option or argument here." : arguments.Errors[0].Message;
        throw new UsageException($"{what} Try `pipeline {verb}--help`.");
    }

    return await arguments.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, shutdown.Token);
}
catch (Exception e) when (shutdown.Token.IsCancellationRequested && (e is OperationCanceledException or RedisException or RedisCommandException or TimeoutException))
{
    return ExitCode.Ok;
}
catch (UsageException e)
{
    Console.Error.WriteLine($"pipeline: {e.Message}");
    return ExitCode.Usage;
}
catch (Exception e) when (e is EnvironmentException or LakeException or LogException or ScheduleException or SourceException or RedisException or RedisCommandException or TimeoutException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"pipeline: {e.Message}");
    return ExitCode.Environment;
}

// A mistyped --redis=... is unknown here, and may hold a password: only what comes before its value is shown.
static string Shown(string token) => token.IndexOfAny(['=', ':', '@', ',']) is var end and >= 0 ? token[..end] + "..." : token;
