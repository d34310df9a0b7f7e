namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record DeploymentScheduleCreate(bool Active, IntervalSchedule Schedule);
