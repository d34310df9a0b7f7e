using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Scenarios;
using Pipeline.Tests.Load.Targets;
using Xunit;

namespace Pipeline.Tests.Load;

/// <summary>Appends at a steady rate, through the product's own ingestor, from the event's arrival to Redis' acknowledgement.</summary>
public sealed class SustainedTests(RedisFixture redis)
{
    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task An_entry_for_every_event_holds_1500_appends_a_second_within_milliseconds()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Linger = TimeSpan.Zero }));
        await using var target = IngestTarget.Start(rig, 1500);
        await LoadRun.PassAsync(new Scenario(
            "sustained-single", "1,500 events a second, each an entry of its own (linger 0): MET-27's rate, one append per event.",
            RateProfile.Steady(1500, LoadSettings.Sustained), _warmUp, target.AppendAsync, new Thresholds(P50Ms: 1, P95Ms: 5, P99Ms: 20)));
        target.Stats.Recoveries.Should().Be(0);
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(5000)]
    [InlineData(20000)]
    public async Task Production_batching_holds_the_rate(int rate)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Linger = _linger }));
        await using var target = IngestTarget.Start(rig, rate);
        await LoadRun.PassAsync(new Scenario(
            $"sustained-batched-{rate}", $"{rate:N0} events a second in batches of up to 128, linger 200 ms: latency includes the wait for the batch to fill.",
            RateProfile.Steady(rate, LoadSettings.Short), _warmUp, target.AppendAsync, new Thresholds(), _linger));
        target.Stats.Recoveries.Should().Be(0);
    }
}
