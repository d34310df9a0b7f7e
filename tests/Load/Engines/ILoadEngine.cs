using Pipeline.Tests.Load.Reports;
using Pipeline.Tests.Load.Scenarios;

namespace Pipeline.Tests.Load.Engines;

/// <summary>Runs scenarios. Both engines run the same ones, and are judged by the same thresholds.</summary>
public interface ILoadEngine
{
    string Name { get; }

    /// <summary>Warms up, runs the profile, and waits for what was begun.</summary>
    Task<LoadResult> RunAsync(Scenario scenario, CancellationToken cancellationToken);
}
