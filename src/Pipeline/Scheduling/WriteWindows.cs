using Quartz;

namespace Pipeline.Scheduling;

/// <summary>The job that Quartz knows. It never fails: what becomes of a run is not Quartz' business.</summary>
[DisallowConcurrentExecution]
internal sealed class WriteWindows(Func<DateTimeOffset?, string?, CancellationToken, Task> due) : IJob
{
    /// <summary>Under what key the reason of a run stands that the schedule was not the reason for.</summary>
    public const string Reason = "reason";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var reason = context.MergedJobDataMap.TryGetValue(Reason, out var value) ? value?.ToString() : null;
        await due(reason is null ? context.ScheduledFireTimeUtc : null, reason, cancellationToken);
    }
}
