using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Commands;
using Pipeline.Events;
using Pipeline.Scheduling;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Lake;
using StackExchange.Redis;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>Both halves of the pipeline in this process, on a real Redis, with a log and a lake of the test's own.</summary>
public sealed class PipelineRig : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;

    private PipelineRig(ConnectionMultiplexer connection) => _connection = connection;

    public LogOptions Log { get; init; } = new() { Name = $"test-{Guid.NewGuid():N}", Linger = TimeSpan.FromMilliseconds(20) };

    public LakeOptions Lake { get; init; } = new() { Path = Directory.CreateTempSubdirectory("lake-").FullName, Window = TimeSpan.FromSeconds(10) };

    public EventLimits Limits { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public IDatabase Database => _connection.GetDatabase();

    public IReadOnlyList<RedisLog> Logs => [.. Enumerable.Range(0, Log.Shards).Select(s => new RedisLog(Database, new LogKeys(Log.Name, s)))];

    /// <summary>What the lake knows of the log.</summary>
    public ILogMemory Memory => new LakeMemory(Lake, Time, Loggers.CreateLogger<LakeMemory>());

    public static async Task<PipelineRig> OpenAsync(string redis, Func<PipelineRig, PipelineRig>? configure = null)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(redis, "test"));
        return (configure ?? (r => r))(new PipelineRig(connection));
    }

    /// <summary>The same Redis and lake settings changed.</summary>
    public PipelineRig With(LogOptions? log = null, LakeOptions? lake = null, TimeProvider? time = null, ILoggerFactory? loggers = null) =>
        new(_connection) { Log = log ?? Log, Lake = lake ?? Lake, Limits = Limits, Time = time ?? Time, Loggers = loggers ?? Loggers };

    /// <summary>Reads a source into the log until it ends or the token is cancelled.</summary>
    public Task IngestAsync(IEventSource source, CancellationToken cancellationToken, IngestStats? stats = null) => new Ingestor(
        new Feed(source, Database, Logs, Memory, Log, Limits), stats ?? new IngestStats(), Time, Loggers.CreateLogger<Ingestor>())
        .RunAsync(cancellationToken);

    public LakeWriter Writer(WriteStats? stats = null) => new(
        Database, Logs, Memory, Log, Lake, Limits, stats ?? new WriteStats(), Time, Loggers.CreateLogger<LakeWriter>());

    /// <summary>What the product's schedules drive.</summary>
    public WindowRun Run(WriteStats? stats = null) => new(Writer(stats), Time);

    /// <summary>Writes closed windows, through outages, until the token is cancelled.</summary>
    public Task WriteLoopAsync(CancellationToken cancellationToken, WriteStats? stats = null) =>
        new WriteLoop(Run(stats), Deadlines.Poll, Time, Loggers.CreateLogger<WriteLoop>()).RunAsync(cancellationToken);

    /// <summary>Writes what is closed, and of an ended source the rest.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken, WriteStats? stats = null)
    {
        while (!await Writer(stats).WriteClosedWindowsAsync(drain: true, cancellationToken)) await Task.Delay(Deadlines.Poll, cancellationToken);
    }

    /// <summary>Writes closed windows again and again, through outages, until the token is cancelled.</summary>
    public async Task WriteUntilAsync(CancellationToken cancellationToken)
    {
        // One writer, as in a program: it finds its own lease again after an outage.
        var writer = Writer();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await writer.WriteClosedWindowsAsync(drain: false, cancellationToken);
                await Task.Delay(Deadlines.Poll, cancellationToken);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or OperationCanceledException)
            {
            }
        }
    }

    /// <summary>A live source has no end: an entry far behind the last event closes the log's windows.</summary>
    public async Task CloseWindowsAsync()
    {
        foreach (var log in Logs)
        {
            var tail = await log.ReadTailAsync();
            var end = new LogEntry(tail.Last!.Value.Next(tail.Last.Value.Ms + 3_600_000), tail.LogId, tail.Offset, 0, tail.Position, IsEnd: false, MayRepeat: false, default);
            await log.AppendAsync(tail.Last, end, create: false, "test", []);
        }
    }

    /// <summary>An independent look at the lake.</summary>
    public LakeReader Read() => new(Lake.Path);

    public async ValueTask DisposeAsync()
    {
        ForgetLogs();
        await _connection.DisposeAsync();
        if (Directory.Exists(Lake.Path)) Directory.Delete(Lake.Path, recursive: true);
    }

    // A log that stays in a shared Redis takes room, its ballast above all, until the logs of later tests find Redis full. Nobody waits for an
    // answer: a server that was killed or filled by its test takes its keys along.
    private void ForgetLogs()
    {
        foreach (var keys in Logs.Select(l => l.Keys))
        {
            Database.KeyDelete([keys.Stream, keys.State, keys.Lease, .. Enumerable.Range(0, Ballast.Keys).Select(keys.Ballast)], CommandFlags.FireAndForget);
        }
    }
}
