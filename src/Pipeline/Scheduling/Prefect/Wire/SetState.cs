namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record SetState(StateCreate State);
