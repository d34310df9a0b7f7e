namespace Pipeline.Tests.Load.Scenarios;

/// <summary>What is done, how often, and what has to come of it; whichever engine does it.</summary>
/// <param name="Name">Also the report's file name: lower case and dashes.</param>
/// <param name="WarmUp">The same load before the measurement, not counted; zero for none.</param>
/// <param name="Step">One operation, done when it is acknowledged; it fails by throwing.</param>
/// <param name="Linger">How long the product holds an operation back for others to join it. Nobody joins the last: this much at the end is no lower rate.</param>
public sealed record Scenario(string Name, string Description, RateProfile Profile, TimeSpan WarmUp, Func<ValueTask> Step, Thresholds Thresholds, TimeSpan Linger = default)
{
    /// <summary>The load of the warm-up; null for none.</summary>
    public RateProfile? WarmUpProfile => WarmUp > TimeSpan.Zero ? Profile with { Phases = [Profile.Phases[0] with { During = WarmUp }] } : null;
}
