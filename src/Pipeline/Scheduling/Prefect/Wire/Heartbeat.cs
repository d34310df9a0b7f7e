namespace Pipeline.Scheduling.Prefect.Wire;

internal sealed record Heartbeat(string Name, int HeartbeatIntervalSeconds);
