using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Monitoring;
using Pipeline.Scheduling;
using Pipeline.Sources;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>Puts the two halves of the pipeline together, the same way for every verb.</summary>
internal sealed class PipelineParts(
    RedisConnection redis, LogOptions log, LakeOptions lake, EventLimits limits, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<RedisLog> _logs = redis.Logs(log);
    private readonly LakeMemory _memory = new(lake, time, loggers.CreateLogger<LakeMemory>());

    /// <summary>Source → log.</summary>
    public Ingestor Ingestor(IEventSource source, IngestStats stats) =>
        new(new Feed(source, redis.Database, _logs, _memory, log, limits), stats, time, loggers.CreateLogger<Ingestor>());

    /// <summary>Log → lake.</summary>
    public LakeWriter Writer(WriteStats stats) =>
        new(redis.Database, _logs, _memory, log, lake, limits, stats, time, loggers.CreateLogger<LakeWriter>());

    /// <summary>Refuses a lake that cannot be written, before anything is begun.</summary>
    /// <exception cref="LakeException">It cannot be written, or is not this log's.</exception>
    public Task CheckLakeAsync() => Writer(new WriteStats()).CheckAsync();

    /// <summary>Whether the lake has everything of a source that has ended. Redis may have forgotten what it had acknowledged, the end included.</summary>
    public async Task<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (await Task.WhenAll(_logs.Select(l => l.IsDoneAsync()))).All(done => done);
            }
            catch (Exception e) when (e is RedisException or TimeoutException && Refusal.In(e) is null)
            {
                await Task.Delay(_retry, time, cancellationToken);
            }
        }
    }

    /// <summary>Whether what was drained was drained to the source's end.</summary>
    public DrainCheck DrainCheck() => new(_logs, log, lake, time);

    /// <summary>Waits until the log is on the disk of Redis, as far as Redis can say.</summary>
    public Task SyncLogAsync()
    {
        var file = new AppendOnlyFile(redis.Database, time, loggers.CreateLogger<Ingestor>());
        return Task.WhenAll(_logs.Select(file.SyncAsync));
    }

    /// <summary>What schedules drive.</summary>
    public WriterRuns Runs(WriteStats stats) => new(new WindowRun(Writer(stats), time), time);

    /// <summary>The schedule of <c>run</c> and <c>write</c>.</summary>
    public WindowScheduler Scheduler(WriterRuns runs, ScheduleOptions schedule) =>
        new(runs, schedule, new ScheduleStats(), time, loggers.CreateLogger<WindowScheduler>());
}
