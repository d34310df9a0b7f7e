namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record FlowRunUpdate(FlowRunPolicy EmpiricalPolicy);
