using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>A second tenant fills a Redis that evicts nothing, until Redis refuses whatever could need memory.</summary>
internal sealed class NoEvictionFull : Injection
{
    public override RedisServerOptions? Redis => new(MaxMemory: "40mb", ExtraArgs: ["--maxmemory-policy", "noeviction"]);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await using var redis = await run.Server.ConnectAsync(o => o.AllowAdmin = true);
        await using var tenant = new SecondTenant(redis.GetDatabase());
        await run.FlowsAsync(3_000);
        var recoveries = run.Ingested.Recoveries;
        var fill = async () => await tenant.FillUntilAsync(() => Task.FromResult(false));
        await fill.Should().ThrowAsync<RedisServerException>();

        // So far over the limit that what a commit frees does not bring Redis below it.
        await redis.GetServers()[0].ConfigSetAsync("maxmemory", "30mb");
        var write = tenant.WriteAsync;
        var refused = (await write.Should().ThrowAsync<RedisServerException>()).Which.Message;
        refused.Should().StartWith("OOM");
        await run.WhileAtWorkAsync(Eventually.TrueAsync(
            "ingest to wait", () => run.Ingested.IsHolding || run.Ingested.Recoveries > recoveries, Deadlines.Recovery));

        await run.DrainsAsync();
        (await write.Should().ThrowAsync<RedisServerException>("Redis was full all the time")).Which.Message.Should().StartWith("OOM");
        await tenant.LeaveAsync();
        await run.FlowsAsync();
        return refused;
    }
}
