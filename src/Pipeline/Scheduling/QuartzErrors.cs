using Microsoft.Extensions.Logging;
using Quartz;

namespace Pipeline.Scheduling;

/// <summary>Passes on what goes wrong inside Quartz, such as a database that does not answer.</summary>
internal sealed class QuartzErrors(ILogger logger) : ISchedulerListener
{
    public string Name => "errors";

    public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext error, CancellationToken cancellationToken = default)
    {
        logger.LogWarning("The schedule's database: {Error}", $"{error.Message} {error.Exception?.GetBaseException().Message}".ReplaceLineEndings(" ").Trim());
        return default;
    }
}
