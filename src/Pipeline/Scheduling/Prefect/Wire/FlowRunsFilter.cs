namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record FlowRunsFilter(StateFilter State);
