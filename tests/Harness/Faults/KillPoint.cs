using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Pipeline.Monitoring;

namespace Pipeline.Tests.Harness.Faults;

/// <summary>
/// Kills the program it is loaded into when it reaches a step of its protocol. The program is the one that is shipped: the runtime loads
/// this assembly beside it (<see cref="StartupHook"/>), and the program only says, as events, how far it is.
/// </summary>
public sealed class KillPoint : EventListener
{
    private const string Variable = "TESTS_KILL_AT";

    private readonly string _step;
    private int _left;

    private KillPoint(string step, int occurrence) => (_step, _left) = (step, occurrence);

    /// <summary>The environment of a program that is to die when it reaches the step for the given time, counted from 1.</summary>
    public static IReadOnlyDictionary<string, string> Environment(string step, int occurrence) => new Dictionary<string, string>
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(KillPoint).Assembly.Location,
        [Variable] = string.Create(CultureInfo.InvariantCulture, $"{step}:{occurrence}"),
    };

    internal static void Arm()
    {
        if (System.Environment.GetEnvironmentVariable(Variable)?.Split(':') is not [var step, var occurrence]) return;
        var point = new KillPoint(step, int.Parse(occurrence, CultureInfo.InvariantCulture));

        // Sources that exist were announced while the constructor ran, before the step was known.
        foreach (var source in EventSource.GetSources()) point.OnEventSourceCreated(source);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == StepEvents.SourceName) EnableEvents(eventSource, EventLevel.Informational);
    }

    // Listeners are called by the thread that reached the step, so nothing of the next one happens.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.Payload is [string step] && step == _step && Interlocked.Decrement(ref _left) == 0) Process.GetCurrentProcess().Kill();
    }
}
