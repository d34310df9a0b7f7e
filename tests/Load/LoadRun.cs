using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Load.Engines;
using Pipeline.Tests.Load.Reports;
using Pipeline.Tests.Load.Scenarios;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>Runs a scenario, leaves its report, and judges it.</summary>
internal static class LoadRun
{
    /// <summary>Share of the offered rate that is asked for where the generator itself was held up.</summary>
    private const double BusyRate = 0.95;

    public static async Task<LoadResult> PassAsync(Scenario scenario)
    {
        var result = await LoadEngine.Create().RunAsync(scenario, TestContext.Current.CancellationToken);
        var verdict = Judge(scenario.Thresholds, result);
        new LoadReport(scenario, result, verdict).Write();
        TestContext.Current.TestOutputHelper!.WriteLine($"{scenario.Name}: {result}");
        if (verdict.Note is not null) TestContext.Current.TestOutputHelper!.WriteLine($"{scenario.Name}: {verdict.Note}");
        result.Ok.Should().BePositive("a load that was not there proves nothing");
        verdict.Missed.Should().BeEmpty("that is what {0} promises (artifacts/load/{0}.html)", scenario.Name);
        return result;
    }

    private static Verdict Judge(Thresholds thresholds, LoadResult result)
    {
        // Latency counts from the intended start, so what held up the generator is in every figure.
        if (result.Lateness is not { } late || late.P99 <= Thresholds.MostLateMs) return new Verdict(thresholds.Judge(result), null);
        var required = thresholds with { MinRate = Lower(thresholds.MinRate), P50Ms = Coarser(thresholds.P50Ms, Thresholds.Required.P50Ms), P95Ms = Coarser(thresholds.P95Ms, Thresholds.Required.P95Ms), P99Ms = null };
        return new Verdict(
            required.Judge(result),
            string.Create(CultureInfo.InvariantCulture, $"this machine held up the generator itself (P99 {late.P99:0.0} ms late): judged by MET-27's limits and 95% of the rate instead of ours"));
    }

    private static double? Lower(double? rate) => rate is null ? null : Math.Min(rate.Value, BusyRate);

    private static double? Coarser(double? own, double? required) => own is null ? null : required;
}
