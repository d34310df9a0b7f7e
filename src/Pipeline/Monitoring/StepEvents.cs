using System.Diagnostics.Tracing;

namespace Pipeline.Monitoring;

/// <summary>
/// Says which steps of the protocols are reached, to whoever listens: <c>dotnet-trace collect --providers Pipeline-Steps</c>, and the tests
/// that kill the process between every two of them. Costs nothing while nobody does.
/// </summary>
[EventSource(Name = SourceName)]
internal sealed class StepEvents : EventSource
{
    public const string SourceName = "Pipeline-Steps";

    public static readonly StepEvents Log = new();

    /// <param name="step">One of <see cref="Step"/> or <see cref="CompactionStep"/>.</param>
    [Event(1)]
    public void Reached(string step)
    {
        if (IsEnabled()) WriteEvent(1, step);
    }
}
