using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Sources;

namespace Pipeline.Commands.Demo;

/// <summary>One pass of a source through log and lake, both halves at once.</summary>
internal sealed class DemoRun(
    RedisConnection redis, IEventSource source, LogOptions log, LakeOptions lake, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    public IngestStats Ingested { get; } = new();

    public WriteStats Written { get; } = new();

    public MemoryPeak Memory { get; } = new(new MemoryGauge(redis.Database, new LogKeys(log.Name, 0).State), time);

    /// <summary>Bytes that the ballast keys take of Redis' memory.</summary>
    public long Ballast => (long)(Memory.Max * log.Ballast);

    public TimeSpan IngestTime { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var parts = new PipelineParts(redis, log, lake, new EventLimits(), time, loggers);
        var ingestor = parts.Ingestor(source, Ingested);
        var writer = parts.Writer(Written);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = Memory.RunAsync(stop.Token);
        var started = time.GetTimestamp();
        try
        {
            var ingesting = ingestor.RunAsync(cancellationToken);
            while (!ingesting.IsCompleted)
            {
                await writer.WriteClosedWindowsAsync(drain: false, cancellationToken);
                await Task.WhenAny(ingesting, Task.Delay(_interval, time, cancellationToken));
            }

            await ingesting;
            IngestTime = time.GetElapsedTime(started);
            await writer.WriteClosedWindowsAsync(drain: true, cancellationToken);
            Elapsed = time.GetElapsedTime(started);
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }
}
