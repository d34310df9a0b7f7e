using FluentAssertions;
using Pipeline.Tests.Load.Engines;
using Pipeline.Tests.Load.Reports;
using Pipeline.Tests.Load.Scenarios;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>Runs a scenario, leaves its report, and judges it.</summary>
internal static class LoadRun
{
    public static async Task<LoadResult> PassAsync(Scenario scenario)
    {
        var result = await LoadEngine.Create().RunAsync(scenario, TestContext.Current.CancellationToken);
        var verdict = Verdict.Of(scenario.Thresholds, result);
        new LoadReport(scenario, result, verdict).Write();
        TestContext.Current.TestOutputHelper!.WriteLine($"{scenario.Name}: {result}");
        if (verdict.Note is not null) TestContext.Current.TestOutputHelper!.WriteLine($"{scenario.Name}: {verdict.Note}");
        result.Ok.Should().BePositive("a load that was not there proves nothing");
        verdict.Missed.Should().BeEmpty("that is what {0} promises (artifacts/load/{0}.html)", scenario.Name);
        return result;
    }
}
