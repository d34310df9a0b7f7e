using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>A second tenant fills Redis past maxmemory, key by key, until Redis has evicted ballast; later it leaves.</summary>
internal sealed class MemoryPressure : Injection
{
    public override RedisServerOptions? Redis => new(MaxMemory: "40mb");

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await using var redis = await run.Server.ConnectAsync(o => o.AllowAdmin = true);
        var (database, keys) = (redis.GetDatabase(), run.Rig.Logs[0].Keys);
        var ballast = Enumerable.Range(0, 8).Select(keys.Ballast).ToArray();
        var gauge = new MemoryGauge(database, keys.State);
        await using var tenant = new SecondTenant(database);
        await run.FlowsAsync(3_000);
        (await database.KeyExistsAsync(ballast)).Should().Be(ballast.Length, "ballast is laid before anything is wrong");

        // Nearly to the brim at once; then slowly, so that keys differ in age by what Redis can tell, a second.
        await tenant.FillUntilAsync(async () => (await gauge.ReadAsync()).IsAbove(0.93));
        await run.WhileAtWorkAsync(Eventually.TrueAsync("reading to pause", () => run.Ingested.IsHolding, Deadlines.Recovery));
        await Eventually.TrueAsync("the tenant's keys to be a little older than the log", async () => await IdleAsync(database, "tenant:0") >= 2, Deadlines.Recovery);
        await tenant.FillUntilAsync(async () => await database.KeyExistsAsync(ballast) < ballast.Length);

        (await database.KeyExistsAsync(keys.Stream)).Should().BeTrue("ballast goes first");
        var missing = ballast.Length - await database.KeyExistsAsync(ballast);
        await run.DrainsAsync();
        run.Ingested.IsHolding.Should().BeTrue("the writer drains while reading pauses");
        await tenant.LeaveAsync();
        await run.FlowsAsync();
        await Eventually.TrueAsync("ballast to be laid again", async () => await database.KeyExistsAsync(ballast) == ballast.Length, Deadlines.Recovery);
        run.Ingested.BallastEvicted.Should().BeGreaterThanOrEqualTo(missing);
        (await run.Rig.Logs[0].ReadStateAsync()).Counters.Should().NotContainKey(LogCounters.Lost);
        return $"{missing} ballast keys evicted";
    }

    private static async Task<long> IdleAsync(IDatabase database, RedisKey key) => (long)await database.ExecuteAsync("OBJECT", "IDLETIME", key);
}
