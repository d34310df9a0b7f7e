namespace Pipeline.Monitoring.StatusPage;

/// <summary>The last minutes as evenly spaced points, the oldest first. A point is null where nothing was seen.</summary>
/// <param name="Start">The first point's time.</param>
/// <param name="StepSeconds">From one point to the next.</param>
/// <param name="Rates">Events per second, for each type.</param>
/// <param name="Waiting">Events that were not in the lake.</param>
/// <param name="Memory">Bytes that Redis had in use.</param>
/// <param name="Now">Events per second during the last seconds, for each type.</param>
internal sealed record StatusChart(
    DateTimeOffset Start, double StepSeconds, IReadOnlyList<double?[]> Rates, IReadOnlyList<long?> Waiting, IReadOnlyList<long?> Memory, IReadOnlyList<double> Now);
