namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="LeaseDuration">Seconds, 60 or more.</param>
internal sealed record LeaseRenewal(double LeaseDuration);
