using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Redis comes back from an older copy of its data, and its source does not reach back that far.</summary>
internal sealed class RedisRolledBack : Injection
{
    private const long RewindUs = 10_000_000;

    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var log = run.Rig.Logs[0];
        await run.WritesAsync(2);
        await run.FlowsAsync(500);
        await run.Server.KillAsync();
        await run.Server.ShellAsync("cp -a /data/appendonlydir /data/copy");
        await run.Server.StartAsync();
        await run.FlowsAsync(500);

        // Of what the copy holds Redis only forgets the commit, and the window is written again: the lake has to be ahead of all of it.
        var copied = (await log.ReadStateAsync()).Offset;
        await run.WhileAtWorkAsync(Eventually.TrueAsync(
            $"the lake to have record {copied}", async () => (await log.ReadStateAsync()).CommittedOffset > copied, Deadlines.Recovery));
        await run.FlowsAsync(500);
        var reached = (await log.ReadStateAsync()).CommittedPosition!.Value.Value;
        await run.Server.KillAsync();
        await run.Server.ShellAsync("rm -rf /data/appendonlydir && mv /data/copy /data/appendonlydir");
        var lines = run.Log.Count("has rolled log");
        var forgotten = run.Traffic is LiveTraffic live ? live.Events.Forget(reached - RewindUs) : 0;
        await run.Server.StartAsync();
        await run.WhileAtWorkAsync(Eventually.TrueAsync("the copy to be noticed", () => run.Log.Count("has rolled log") > lines, Deadlines.Recovery));
        await run.FlowsAsync(2_000);
        await run.WritesAsync(2);
        var adopted = (await log.ReadStateAsync()).Counters.GetValueOrDefault(LogCounters.Adopted);
        adopted.Should().BePositive();
        return $"{adopted} rows of the lake that Redis did not know of, {forgotten} events that the source has no more";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced) => Task.FromResult(produced with { Healed = true });
}
