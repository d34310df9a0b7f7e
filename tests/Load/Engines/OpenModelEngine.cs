using System.Diagnostics;
using Pipeline.Tests.Load.Reports;
using Pipeline.Tests.Load.Scenarios;

namespace Pipeline.Tests.Load.Engines;

/// <summary>
/// Begins every operation on time, on a thread of its own, whether or not earlier ones have ended, and measures from the moment at which it
/// was to begin: a server that stalls cannot hide it by being asked less (coordinated omission).
/// </summary>
internal sealed class OpenModelEngine : ILoadEngine
{
    private static readonly TimeSpan _endWithin = TimeSpan.FromSeconds(30);

    public string Name => "built-in open model";

    public async Task<LoadResult> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        if (scenario.WarmUpProfile is { } warmUp) await RunAsync(scenario, warmUp, cancellationToken);
        return await RunAsync(scenario, scenario.Profile, cancellationToken);
    }

    private async Task<LoadResult> RunAsync(Scenario scenario, RateProfile profile, CancellationToken cancellationToken)
    {
        var measurement = new Measurement();
        if (profile.Callers is { } callers)
        {
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(scenario.Step, profile.During, measurement, cancellationToken), cancellationToken)));
            return measurement.Result(Name, null, profile.During, scenario.Linger, tellsLateness: false);
        }

        var inFlight = new InFlight();
        await Task.Factory.StartNew(() => Dispatch(scenario.Step, profile, measurement, inFlight, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await inFlight.WaitAsync(_endWithin, cancellationToken);
        return measurement.Result(Name, profile.Operations / profile.During.TotalSeconds, profile.During, scenario.Linger, tellsLateness: true);
    }

    private static async Task CallAsync(Func<ValueTask> step, TimeSpan during, Measurement measurement, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetElapsedTime(measurement.Started) < during && !cancellationToken.IsCancellationRequested)
        {
            measurement.Begin(TimeSpan.Zero);
            await OneAsync(step, Stopwatch.GetTimestamp(), measurement);
        }
    }

    private static void Dispatch(Func<ValueTask> step, RateProfile profile, Measurement measurement, InFlight inFlight, CancellationToken cancellationToken)
    {
        // Time that steps have kept for themselves since the dispatcher was last ahead: a product that does not return soon must not pass for a busy machine.
        var inSteps = 0L;
        foreach (var start in profile.Starts())
        {
            var intended = measurement.Started + (long)(start * Stopwatch.Frequency);
            if (Stopwatch.GetTimestamp() < intended) inSteps = 0;
            while (Stopwatch.GetTimestamp() < intended) ShortSleep.Until(intended);
            cancellationToken.ThrowIfCancellationRequested();
            var begun = Stopwatch.GetTimestamp();
            measurement.Begin(Stopwatch.GetElapsedTime(intended + inSteps, begun));
            inFlight.Begin();
            _ = EndAsync(OneAsync(step, intended, measurement), inFlight);
            inSteps += Stopwatch.GetTimestamp() - begun;
        }
    }

    private static async Task EndAsync(Task operation, InFlight inFlight)
    {
        await operation;
        inFlight.End();
    }

    private static async Task OneAsync(Func<ValueTask> step, long intended, Measurement measurement)
    {
        Exception? error = null;
        try
        {
            await step();
        }
        catch (Exception e)
        {
            error = e;
        }

        measurement.End(Stopwatch.GetElapsedTime(intended), error);
    }
}
