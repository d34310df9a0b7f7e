using FluentAssertions;
using Pipeline.Tests.Harness;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The disk under Redis is full: Redis answers MISCONF to everything that changes something, until there is space again.</summary>
internal sealed class AofDiskFull(bool killed) : Injection
{
    public override RedisServerOptions? Redis => new(DiskMegabytes: 24);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.FlowsAsync(3_000);
        await run.Server.ShellAsync("dd if=/dev/zero of=/data/filler bs=64k status=none 2> /dev/null || true");
        await using var redis = await run.Server.ConnectAsync();
        var write = async () =>
        {
            await redis.GetDatabase().StringSetAsync("probe", "x");
            return "accepted";
        };
        var refused = await Eventually.GetAsync("Redis to refuse writes", async () =>
        {
            try
            {
                return await write();
            }
            catch (RedisServerException e)
            {
                return e.Message;
            }
        }, answer => answer.StartsWith("MISCONF", StringComparison.Ordinal));
        var recoveries = run.Ingested.Recoveries;
        await run.WhileAtWorkAsync(Eventually.TrueAsync("the ingestor to be refused", () => run.Ingested.Recoveries > recoveries, Deadlines.Recovery));
        if (killed) await run.Server.KillAsync();
        await run.Server.ShellAsync("rm /data/filler");
        if (killed) await run.Server.StartAsync();
        await run.FlowsAsync();
        run.Ingested.Recoveries.Should().BePositive();
        return refused[..Math.Min(refused.Length, 60)];
    }
}
