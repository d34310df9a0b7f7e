using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Monitoring;
using Pipeline.Scheduling;
using Pipeline.Sources;

namespace Pipeline.Commands;

/// <summary>Puts the two halves of the pipeline together, the same way for every verb.</summary>
internal sealed class PipelineParts(
    RedisConnection redis, LogOptions log, LakeOptions lake, EventLimits limits, TimeProvider time, ILoggerFactory loggers)
{
    private readonly IReadOnlyList<RedisLog> _logs = redis.Logs(log);
    private readonly LakeMemory _memory = new(lake, time, loggers.CreateLogger<LakeMemory>());

    /// <summary>Source → log.</summary>
    public Ingestor Ingestor(IEventSource source, IngestStats stats) =>
        new(redis.Database, _logs, _memory, source, log, limits, stats, time, loggers.CreateLogger<Ingestor>());

    /// <summary>Log → lake.</summary>
    public LakeWriter Writer(WriteStats stats) =>
        new(redis.Database, _logs, _memory, log, lake, limits, stats, time, loggers.CreateLogger<LakeWriter>());

    /// <summary>Refuses a lake that cannot be written, before anything is begun.</summary>
    /// <exception cref="LakeException">It cannot be written, or is not this log's.</exception>
    public Task CheckLakeAsync() => Writer(new WriteStats()).CheckAsync();

    /// <summary>What schedules drive.</summary>
    public WriterRuns Runs(WriteStats stats) => new(new WindowRun(Writer(stats), time), time);

    /// <summary>The schedule of <c>run</c> and <c>write</c>.</summary>
    public WindowScheduler Scheduler(WriterRuns runs, ScheduleOptions schedule) =>
        new(runs, schedule, new ScheduleStats(), time, loggers.CreateLogger<WindowScheduler>());
}
