using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The stream goes as a whole, which is how Redis evicts; what is known about it stays.</summary>
internal sealed class StreamEvicted : Injection
{
    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.WritesAsync(2);
        await run.FlowsAsync(500);
        (await run.Rig.Database.KeyDeleteAsync(run.Rig.Logs[0].Keys.Stream)).Should().BeTrue();
        await run.WarnsAsync("lost its stream");
        await run.FlowsAsync(2_000);
        await run.WritesAsync(2);
        var counters = (await run.Rig.Logs[0].ReadStateAsync()).Counters;
        var lost = counters.GetValueOrDefault(LogCounters.Lost);
        lost.Should().BePositive();
        counters.GetValueOrDefault(LogCounters.Refetched).Should().BeGreaterThanOrEqualTo(lost, "the source still has all of it");
        return $"{lost} records lost";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        run.Written.Repeated.Should().BePositive("the source is rewound behind what the lake has");
        return Task.FromResult(produced with { Healed = true, Messages = null });
    }
}
