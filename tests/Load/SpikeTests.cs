using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Reports;
using Pipeline.Tests.Load.Scenarios;
using Pipeline.Tests.Load.Targets;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>Ten times the rate for ten seconds: everybody posts at once.</summary>
public sealed class SpikeTests(RedisFixture redis)
{
    private const int Rate = 1500;
    private const int Times = 10;
    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _spike = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _after = TimeSpan.FromSeconds(15);

    /// <summary>Longest that the backlog of the spike may be felt.</summary>
    private static readonly TimeSpan _recoverWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Ten_times_the_rate_for_ten_seconds_is_taken_and_soon_forgotten()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Linger = _linger }));
        await using var target = IngestTarget.Start(rig, Rate);
        var result = await LoadRun.PassAsync(new Scenario(
            "spike", $"{Rate:N0} events a second, {Times} times as many for {_spike.TotalSeconds:0} s, and {Rate:N0} again.",
            new RateProfile([new RatePhase(Rate, _before), new RatePhase(Rate * Times, _spike), new RatePhase(Rate, _after)]), TimeSpan.FromSeconds(3), target.AppendAsync,
            new Thresholds(MinDrift: null), _linger));

        result.Seconds.Max(s => s.Ok).Should().BeGreaterThan(Rate * Times / 2, "otherwise there was no spike");
        var recovery = Recovery.SecondsAfter(result.Seconds, (int)_before.TotalSeconds, (int)_spike.TotalSeconds);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recovered within {recovery} s after the spike"));
        recovery.Should().BeLessThanOrEqualTo((int)_recoverWithin.TotalSeconds);
    }
}
