using System.Diagnostics.Tracing;
using Pipeline.Monitoring;

namespace Pipeline.Tests.Harness.Faults;

/// <summary>Looks on at the steps of the product's protocols, those of the test that made it only, before the next one begins.</summary>
public sealed class StepWatch : EventListener
{
    private static readonly AsyncLocal<StepWatch?> _watching = new();

    private readonly Action<string> _reached;

    /// <summary>Everything that the caller does from here on is watched. Not to be called in a method that the test awaits.</summary>
    public StepWatch(Action<string> reached)
    {
        _reached = reached;
        _watching.Value = this;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == StepEvents.SourceName) EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_watching.Value == this && eventData.Payload is [string step]) _reached(step);
    }
}
