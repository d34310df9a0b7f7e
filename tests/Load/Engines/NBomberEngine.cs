using System.Diagnostics;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Load.Reports;

namespace Pipeline.Tests.Load.Engines;

/// <summary>
/// Runs scenarios on NBomber, with what its lines 4.x and 5.x share. It decides when an operation begins, and writes its own report beside
/// ours; figures and verdict are ours, since its rate is divided by the nominal duration and operations still under way at the end are
/// dropped. It does not tell when an operation should have begun, so latency counts from when it did.
/// </summary>
internal sealed class NBomberEngine : ILoadEngine
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _endWithin = TimeSpan.FromSeconds(30);

    public string Name => $"NBomber {typeof(NBomberRunner).Assembly.GetName().Version?.ToString(3)}";

    public async Task<LoadResult> RunAsync(Scenarios.Scenario scenario, CancellationToken cancellationToken)
    {
        if (scenario.WarmUpProfile is { } warmUp) await RunAsync(scenario, warmUp, $"{scenario.Name}-warm-up", cancellationToken);
        return await RunAsync(scenario, scenario.Profile, scenario.Name, cancellationToken);
    }

    private async Task<LoadResult> RunAsync(Scenarios.Scenario scenario, Scenarios.RateProfile profile, string folder, CancellationToken cancellationToken)
    {
        Measurement? measurement = null;
        var inFlight = new InFlight();
        var props = Scenario.Create(scenario.Name, async _ =>
        {
            // NBomber prepares before it begins: the first operation starts the clock.
            var measuring = measurement ?? Interlocked.CompareExchange(ref measurement, new Measurement(), null) ?? measurement!;
            measuring.Begin(TimeSpan.Zero);
            inFlight.Begin();
            try
            {
                return await OneAsync(scenario.Step, measuring);
            }
            finally
            {
                inFlight.End();
            }
        })
            .WithoutWarmUp()
            // Judged by our thresholds: it must not stop the run before they can be.
            .WithMaxFailCount(int.MaxValue)
            .WithLoadSimulations([.. profile.Phases.Select(phase => SimulationOf(phase, profile.Callers))]);

        // Its runner blocks until the end, and empties its folder at the start.
        await Task.Run(() => Run(props, scenario.Name, folder), cancellationToken);
        await inFlight.WaitAsync(_endWithin, cancellationToken);
        var offered = profile.Callers is null ? profile.Operations / profile.During.TotalSeconds : (double?)null;
        return (measurement ?? new Measurement()).Result(Name, offered, profile.During, scenario.Linger, tellsLateness: false);
    }

    private static NodeStats Run(ScenarioProps props, string name, string folder) => NBomberRunner
        .RegisterScenarios(props)
        .WithTestSuite("pipeline")
        .WithTestName(name)
        .WithReportFolder(Repository.File("artifacts", "load", "nbomber", folder))
        .WithReportFileName(name)
        .WithReportFormats(ReportFormat.Html, ReportFormat.Md, ReportFormat.Csv)
        .Run();

    private static LoadSimulation SimulationOf(Scenarios.RatePhase phase, int? callers) => callers is { } copies
        ? Simulation.KeepConstant(copies: copies, during: phase.During)
        : Simulation.Inject(rate: (int)Math.Round(phase.PerSecond), interval: _second, during: phase.During);

    private static async Task<IResponse> OneAsync(Func<ValueTask> step, Measurement measurement)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await step();
            measurement.End(Stopwatch.GetElapsedTime(started), null);
            return Response.Ok();
        }
        catch (Exception e)
        {
            measurement.End(Stopwatch.GetElapsedTime(started), e);
            return Response.Fail();
        }
    }
}
