namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="CollisionStrategy">ENQUEUE or CANCEL_NEW.</param>
internal sealed record ConcurrencyOptions(string CollisionStrategy);
