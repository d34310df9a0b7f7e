namespace Pipeline.Tests.Load.Reports;

/// <summary>How a result was judged.</summary>
/// <param name="Missed">What was missed, in words; empty when the scenario passed.</param>
/// <param name="Note">Why other thresholds were taken than the scenario's own, if they were.</param>
internal sealed record Verdict(IReadOnlyList<string> Missed, string? Note)
{
    public bool Passed => Missed.Count == 0;
}
