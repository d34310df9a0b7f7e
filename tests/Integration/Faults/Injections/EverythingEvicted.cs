using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>An operator sets maxmemory far too low, and sets it right again.</summary>
internal sealed class EverythingEvicted : Injection
{
    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await using var redis = await run.Server.ConnectAsync(o => o.AllowAdmin = true);
        var (server, keys) = (redis.GetServers()[0], run.Rig.Logs[0].Keys);
        await run.WritesAsync(2);
        await run.FlowsAsync(500);
        await server.ConfigSetAsync("maxmemory", "1mb");
        await Eventually.TrueAsync(
            "Redis to evict the log",
            async () => await run.Rig.Database.KeyExistsAsync([keys.Stream, keys.State]) == 0, Deadlines.Recovery);
        await server.ConfigSetAsync("maxmemory", "256mb");
        await run.WarnsAsync("Redis has lost log");
        await run.FlowsAsync(2_000);
        await run.WritesAsync();
        var evicted = (await server.InfoAsync("stats")).SelectMany(g => g).Single(f => f.Key == "evicted_keys").Value;
        return $"{evicted} keys evicted";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        run.Written.Repeated.Should().BePositive("the source is rewound behind what the lake has");
        return Task.FromResult(produced with { CountersLost = true, Healed = true });
    }
}
