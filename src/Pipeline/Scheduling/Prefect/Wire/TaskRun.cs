namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record TaskRun(Guid Id);
