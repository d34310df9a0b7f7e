namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="Status">ONLINE or OFFLINE.</param>
internal sealed record Worker(string Name, string? Status);
