namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record ScheduledRun(FlowRun FlowRun);
