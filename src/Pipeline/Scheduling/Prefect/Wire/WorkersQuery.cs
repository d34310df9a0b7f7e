namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record WorkersQuery(int Limit);
