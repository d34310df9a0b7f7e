using System.Globalization;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>Something is killed or stopped, and started again.</summary>
public sealed class ResumeTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_ingestor_that_is_stopped_again_and_again_loses_and_repeats_nothing()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 30_000 };
        var stops = 0;
        for (var limit = 700L; ; limit += 4_000)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var stats = new IngestStats();
            var ingesting = rig.IngestAsync(new StoppingSource(new MockSource(options), limit, stop), stop.Token, stats);
            await ingesting;
            if (!stop.IsCancellationRequested) break;
            stops++;
        }

        await rig.DrainAsync(Token);

        stops.Should().BeGreaterThan(3);
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task Redis_killed_while_both_halves_run_costs_and_doubles_nothing()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString);
        var options = new MockFirehoseOptions { Events = 60_000, Rate = 20_000 };
        var stats = new IngestStats();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = rig.WriteUntilAsync(stop.Token);
        var ingesting = rig.IngestAsync(new MockSource(options), Token, stats);

        for (var kill = 1; kill <= 3; kill++)
        {
            var before = stats.Acknowledged;
            await Eventually.TrueAsync("ingest goes on", () => stats.Acknowledged > before + 2_000 || ingesting.IsCompleted, Deadlines.Container);
            await server.KillAsync();
            await server.StartAsync();
        }

        await ingesting;
        await stop.CancelAsync();
        await writing;
        await rig.DrainAsync(Token);

        stats.Recoveries.Should().BePositive();
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task Redis_killed_under_a_live_jetstream_costs_and_doubles_nothing()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString);
        await using var jetstream = await FakeJetstream.StartAsync(new FakeJetstreamOptions { MessagesPerSecond = 3_000 });
        var events = TestEvents.Likes(0, 12_000, stepUs: 3_000).ToList();
        var source = new JetstreamSource(
            new JetstreamOptions { Hosts = [jetstream.Address], ReconnectDelay = TimeSpan.FromMilliseconds(20), ReconnectDelayMax = TimeSpan.FromMilliseconds(200) },
            NullLogger<JetstreamSource>.Instance,
            TimeProvider.System);
        var stats = new IngestStats();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ingesting = rig.IngestAsync(source, stop.Token, stats);
        await jetstream.WaitForConnectionAsync(1, Token);
        jetstream.Events.Append(events);
        await Eventually.TrueAsync("ingest has begun", () => stats.Acknowledged > 3_000);
        await server.KillAsync();
        await server.StartAsync();

        var state = await Eventually.GetAsync(
            "every event in the log", () => TryReadOffsetAsync(rig), offset => offset >= events.Count, Deadlines.Container);
        await stop.CancelAsync();
        await ingesting;

        state.Should().Be(events.Count);
        stats.Recoveries.Should().BePositive();
        await rig.CloseWindowsAsync();
        await rig.DrainAsync(Token);
        Expect.ExactlyOnce(rig, Expect.Sent(events));
    }

    [Fact]
    public async Task A_writer_that_is_stopped_again_and_again_ends_with_the_same_bytes_as_one_that_was_not()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 40_000 };
        await rig.IngestAsync(new MockSource(options), Token);
        await using var reference = await PipelineRig.OpenAsync(redis.ConnectionString);
        await CopyLogAsync(rig, reference);
        await reference.DrainAsync(Token);

        var stops = 0;
        for (var patience = TimeSpan.FromMilliseconds(20); ; patience *= 1.3)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            stop.CancelAfter(patience);
            try
            {
                await rig.DrainAsync(stop.Token);
                break;
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                stops++;
            }
        }

        stops.Should().BePositive();
        Expect.Fingerprints(rig.Lake.Path).Should().Equal(Expect.Fingerprints(reference.Lake.Path));
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task Programs_that_are_killed_again_and_again_end_with_every_event_once()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 60_000 };
        string[] common = ["run", "--redis", redis.ConnectionString, "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--window", "10s", "--schedule", "1s"];
        string[] source = ["--source", "mock", "--events", options.Events.Value.ToString(CultureInfo.InvariantCulture), "--rate", "30000"];
        var kills = 0;
        for (var patience = 600; kills < 6; patience += 250)
        {
            using var process = PipelineProgram.Start([.. common, .. source]);
            if (await process.ExitsWithinAsync(TimeSpan.FromMilliseconds(patience), Token)) break;
            process.Kill();
            kills++;
        }

        using var last = PipelineProgram.Start([.. common, .. source]);
        (await last.ExitCodeAsync(Token)).Should().Be(0, await last.OutputAsync());

        kills.Should().BeGreaterThan(2);
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    private static async Task<long> TryReadOffsetAsync(PipelineRig rig)
    {
        try
        {
            return (await rig.Logs[0].ReadTailAsync()).Offset;
        }
        catch (Exception e) when (e is StackExchange.Redis.RedisException or TimeoutException)
        {
            return -1;
        }
    }

    private static async Task CopyLogAsync(PipelineRig from, PipelineRig to)
    {
        foreach (var (source, target) in new[] { (from.Logs[0].Keys.Stream, to.Logs[0].Keys.Stream), (from.Logs[0].Keys.State, to.Logs[0].Keys.State) })
        {
            await from.Database.KeyRestoreAsync(target, (await from.Database.KeyDumpAsync(source))!);
        }
    }
}
