using Quartz;
using Quartz.Extensibility;

namespace Pipeline.Scheduling;

/// <summary>Gives Quartz its jobs. One that was stopped and fires all the same, because its database is back, does nothing.</summary>
internal sealed class DueJobs(Func<DateTimeOffset?, string?, CancellationToken, Task> due) : IJobFactory
{
    private volatile bool _isStopped;

    public void Stop() => _isStopped = true;

    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
        new(new JobScope(new WriteWindows(DueAsync), null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => default;

    private Task DueAsync(DateTimeOffset? fired, string? reason, CancellationToken cancellationToken) =>
        _isStopped ? Task.CompletedTask : due(fired, reason, cancellationToken);
}
