using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>A full buffer: how long Redis needs to come back with it, and whether every single event does. RECOVERY_EVENTS changes its size.</summary>
public sealed class RecoveryAtSizeTests
{
    private static readonly long _events =
        long.TryParse(Environment.GetEnvironmentVariable("RECOVERY_EVENTS"), CultureInfo.InvariantCulture, out var events) ? events : 2_700_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Millions_of_events_survive_a_rewrite_under_load_and_a_kill_each_with_its_bytes()
    {
        var output = TestContext.Current.TestOutputHelper!;
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString, r => r.With(log: r.Log with { Linger = TimeSpan.FromMilliseconds(200) }));
        await using var redis = await server.ConnectAsync();
        var admin = redis.GetServers().Single();
        // Redis begins no rewrite of its own: the one below would be refused beside it.
        await admin.ConfigSetAsync("auto-aof-rewrite-percentage", "0");
        var options = new MockFirehoseOptions { Events = _events };
        var stats = new IngestStats();
        var watch = Stopwatch.StartNew();
        var ingesting = rig.IngestAsync(new MockSource(options), Token, stats);

        // Half of it is there, the other half arrives while Redis writes its append-only file anew.
        await Eventually.TrueAsync("half the events", () => ingesting.IsFaulted || stats.Received > _events / 2, Deadlines.Image);
        var (rewrite, before) = (Stopwatch.StartNew(), stats.Acknowledged);
        await admin.ExecuteAsync("BGREWRITEAOF");
        await Eventually.TrueAsync("the rewrite to have begun or ended", async () => await InfoAsync(admin, "aof_rewrites") > 0 || await InfoAsync(admin, "aof_rewrite_in_progress") == 1);
        await Eventually.TrueAsync("the rewrite to end", async () => await InfoAsync(admin, "aof_rewrite_in_progress") == 0, Deadlines.Image);
        var during = stats.Acknowledged - before;
        output.WriteLine($"rewrite under load: {rewrite.Elapsed.TotalSeconds:0.0} s, {during:N0} records acknowledged meanwhile");
        during.Should().BePositive("the log has to have been written to during the rewrite");

        await ingesting;
        var state = await rig.Logs[0].ReadStateAsync();
        output.WriteLine($"{stats.Received:N0} messages, {state.Offset:N0} records in {watch.Elapsed.TotalSeconds:0} s, {await InfoAsync(admin, "used_memory", "memory") / 1_000_000:N0} MB in Redis");

        await server.KillAsync();
        var restart = Stopwatch.StartNew();
        await server.StartAsync();
        var ready = restart.Elapsed;
        var after = (await Eventually.GetAsync("the log", rig.Logs[0].ReadStateAsync, _ => true, Deadlines.Recovery)).Offset;
        output.WriteLine($"ready {ready.TotalSeconds:0.0} s after the start, {after:N0} of {state.Offset:N0} records before anything was fetched again");
        after.Should().BeInRange(1, state.Offset);

        // What Redis forgot, if anything, comes from the source again.
        await rig.IngestAsync(new MockSource(options), Token, new IngestStats());
        var (compared, different) = await LogComparison.ReadAsync(rig.Logs[0], options, Token);
        output.WriteLine($"{compared:N0} records compared byte by byte, {different} differ");
        different.Should().Be(0);
        compared.Should().Be(state.Offset);
    }

    private static async Task<long> InfoAsync(IServer server, string field, string section = "persistence")
    {
        var info = (await server.InfoAsync(section)).SelectMany(g => g).FirstOrDefault(p => p.Key == field).Value;
        return long.TryParse(info, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
