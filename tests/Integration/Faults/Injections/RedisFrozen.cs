using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Redis stands still: connections stay open and nothing answers.</summary>
internal sealed class RedisFrozen(TimeSpan length) : Injection
{
    // How long the product waits for an answer before it starts anew from the log's tail.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.FlowsAsync(3_000);
        await run.Server.PauseAsync();
        var before = run.Ingested.Acknowledged;
        await Task.Delay(length, TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
        var during = run.Ingested.Acknowledged - before;
        await run.Server.UnpauseAsync();
        during.Should().BeLessThan(5_000, "nothing but what was under way can have been acknowledged");
        await run.FlowsAsync();
        return $"{length.TotalSeconds:0} s paused, {during} records acknowledged meanwhile, {run.Ingested.Recoveries} recoveries";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        if (length < _patience) run.Ingested.Recoveries.Should().Be(0, "a late answer is an answer");
        return Task.FromResult(produced);
    }
}
