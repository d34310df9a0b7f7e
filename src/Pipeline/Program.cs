using System.CommandLine;
using System.Data.Common;
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
    CompactCommand.Create(),
    VerifyCommand.Create(),
    PeekCommand.Create(),
    AuditCommand.Create(),
    HealthCommand.Create(),
};

using var shutdown = new ShutdownSignal();
OutputStream.TakeOver();
try
{
    var arguments = root.Parse(args);
    if (args.Length == 0)
    {
        root.Parse("--help").Invoke();
        return ExitCode.Usage;
    }

    if (CallProblem.In(arguments) is { } problem) throw new UsageException(problem);
    return await arguments.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, shutdown.Token);
}
catch (Exception e) when (shutdown.Token.IsCancellationRequested && (e is OperationCanceledException or RedisException or RedisCommandException or TimeoutException))
{
    return ExitCode.Ok;
}
catch (UsageException e)
{
    Complain(e);
    return ExitCode.Usage;
}
catch (Exception e) when (e is EnvironmentException or LakeException or LogException or ScheduleException or SourceException or RedisException or RedisCommandException or TimeoutException or DbException or IOException or UnauthorizedAccessException)
{
    Complain(e);
    return ExitCode.Environment;
}

// The exit code tells, should there be nowhere left to say it.
static void Complain(Exception error)
{
    try
    {
        Console.Error.WriteLine($"pipeline: {error.Message}");
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
    }
}
