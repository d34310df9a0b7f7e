using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The stream goes as a whole, which is how Redis evicts; what is known about it stays.</summary>
/// <param name="early">True for a stream that goes before anything of it is in the lake.</param>
internal sealed class StreamEvicted(bool early) : Injection
{
    public override RedisServerOptions? Redis => new();

    public override bool WriterWaits => early;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        if (!early) await run.WritesAsync(2);
        await run.FlowsAsync(500);
        (await run.Rig.Database.KeyDeleteAsync(run.Rig.Logs[0].Keys.Stream)).Should().BeTrue();
        await run.WarnsAsync("lost its stream");
        if (early) run.StartWriter();
        await run.FlowsAsync(2_000);
        await run.WritesAsync(2);
        var counters = (await run.Rig.Logs[0].ReadStateAsync()).Counters;
        var lost = counters.GetValueOrDefault(LogCounters.Lost);
        lost.Should().BePositive();
        counters.GetValueOrDefault(LogCounters.Refetched).Should().BeGreaterThanOrEqualTo(early ? 1 : lost, "the source still has all of it");
        return $"{lost} records lost";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        if (!early) run.Written.Repeated.Should().BePositive("the source is rewound behind what the lake has");
        return Task.FromResult(produced with { Healed = true, Messages = null });
    }
}
