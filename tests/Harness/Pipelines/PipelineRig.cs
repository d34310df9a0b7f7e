using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Commands;
using Pipeline.Events;
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

    public IDatabase Database => _connection.GetDatabase();

    public IReadOnlyList<RedisLog> Logs => [.. Enumerable.Range(0, Log.Shards).Select(s => new RedisLog(Database, new LogKeys(Log.Name, s)))];

    public static async Task<PipelineRig> OpenAsync(string redis, Func<PipelineRig, PipelineRig>? configure = null)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(redis, "test"));
        return (configure ?? (r => r))(new PipelineRig(connection));
    }

    /// <summary>The same Redis and lake settings changed.</summary>
    public PipelineRig With(LogOptions? log = null, LakeOptions? lake = null) =>
        new(_connection) { Log = log ?? Log, Lake = lake ?? Lake, Limits = Limits };

    /// <summary>Reads a source into the log until it ends or the token is cancelled.</summary>
    public Task IngestAsync(IEventSource source, CancellationToken cancellationToken, IngestStats? stats = null) => new Ingestor(
        Logs, new MemoryGauge(Database), source, Log, Limits, stats ?? new IngestStats(), TimeProvider.System, NullLogger<Ingestor>.Instance)
        .RunAsync(cancellationToken);

    public LakeWriter Writer(WriteStats? stats = null) => new(
        Database, Logs, Log, Lake, Limits, stats ?? new WriteStats(), TimeProvider.System, NullLogger<LakeWriter>.Instance);

    /// <summary>Writes what is closed, and of an ended source the rest.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (!await Writer().WriteClosedWindowsAsync(drain: true, cancellationToken)) await Task.Delay(Deadlines.Poll, cancellationToken);
    }

    /// <summary>Writes closed windows again and again, through outages, until the token is cancelled.</summary>
    public async Task WriteUntilAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Writer().WriteClosedWindowsAsync(drain: false, cancellationToken);
                await Task.Delay(Deadlines.Poll, cancellationToken);
            }
            catch (Exception e) when (e is RedisException or TimeoutException or OperationCanceledException)
            {
            }
        }
    }

    /// <summary>An independent look at the lake.</summary>
    public LakeReader Read() => new(Lake.Path);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (Directory.Exists(Lake.Path)) Directory.Delete(Lake.Path, recursive: true);
    }
}
