namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record ScheduledRunsQuery(DateTimeOffset ScheduledBefore, int Limit);
