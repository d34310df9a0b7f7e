using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>Trouble with Redis, as it reaches Slack: from the cause to the message, and from the repair to the all-clear.</summary>
public sealed class RedisAlertTests(WatchedRun pipeline) : IClassFixture<WatchedRun>
{
    [Fact]
    public async Task Redis_that_stops_is_one_message_and_not_one_for_each_thing_that_follows()
    {
        var inbox = await pipeline.ListenAsync();

        await pipeline.Stack.Redis.KillAsync();
        var message = await inbox.FiringAsync("RedisDown", Inbox.Critical);
        // It does follow: silence in Slack would prove nothing otherwise.
        await pipeline.FiresAsync("BufferUnreachable", "WriterFailing");
        await pipeline.Stack.Redis.StartAsync();
        var over = await inbox.ResolvedAsync("RedisDown", Inbox.Critical);
        await pipeline.HealthyAsync();

        message.Should().Tell("redis_up is 0", "redis-exporter:9121");
        over.Should().TellTheEnd("redis-exporter:9121");

        inbox.Alerts.Should().BeSubsetOf(["RedisDown", "RedisRestarted", .. TestOverlay.SetOffByTheMachine]);
    }

    [Fact]
    public async Task Memory_past_the_thresholds_pauses_reading_and_then_costs_the_ballast()
    {
        var inbox = await pipeline.ListenAsync();
        await using var redis = await pipeline.Stack.Redis.ConnectAsync();
        var (database, keys) = (redis.GetDatabase(), new LogKeys("bluesky", 0));
        var gauge = new MemoryGauge(database, keys.State);
        var ballast = Enumerable.Range(0, 8).Select(keys.Ballast).ToArray();
        await using var tenant = new SecondTenant(database);
        await Eventually.TrueAsync("all ballast to be laid", async () => await database.KeyExistsAsync(ballast) == ballast.Length, Deadlines.Recovery);

        await tenant.FillUntilAsync(async () => (await gauge.ReadAsync()).IsAbove(0.93));
        var full = await inbox.FiringAsync("RedisMemoryCritical", Inbox.Critical);
        var paused = await inbox.FiringAsync("BufferBackpressure", Inbox.Warnings);
        await Eventually.TrueAsync(
            "the tenant's keys to be a little older than the log", async () => (long)await database.ExecuteAsync("OBJECT", "IDLETIME", "tenant:0") >= 2, Deadlines.Recovery);
        await tenant.FillUntilAsync(async () => await database.KeyExistsAsync(ballast) < ballast.Length);
        var evicts = await inbox.FiringAsync("RedisEvictsKeys", Inbox.Critical);
        var ballastGone = await inbox.FiringAsync("BufferBallastEvicted", Inbox.Critical);
        await tenant.LeaveAsync();
        foreach (var alert in new[] { "RedisMemoryCritical", "RedisEvictsKeys", "BufferBallastEvicted" }) await inbox.ResolvedAsync(alert, Inbox.Critical);
        await inbox.ResolvedAsync("BufferBackpressure", Inbox.Warnings);
        await pipeline.HealthyAsync();

        full.Should().Tell(@"uses 9\d.*% of maxmemory", "redis-exporter:9121");
        // How full: as the pipeline saw it when it last looked, which with these times may have been before.
        paused.Should().Tell(@"Redis is [\d.]+% full", "pipeline:");
        evicts.Should().Tell(@"has evicted keys, about \d", "redis-exporter:9121");
        ballastGone.Should().Tell("are gone: [1-8]", "pipeline");
    }
}
