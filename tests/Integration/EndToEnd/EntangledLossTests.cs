using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>Losses that come together with something else: a pause, a quiet source, another shard, a dead writer.</summary>
public sealed class EntangledLossTests(RedisFixture redis)
{
    private const long StepUs = 10_000;
    private const long RewindUs = 1_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static LogOptions Options(int shards = 1) => new()
    {
        Name = $"test-{Guid.NewGuid():N}",
        Shards = shards,
        Linger = TimeSpan.FromMilliseconds(20),
        LookBack = TimeSpan.FromSeconds(2),
        Heartbeat = TimeSpan.FromMilliseconds(100),
    };

    private static PipelineRig Configure(PipelineRig rig, LogOptions log) =>
        rig.With(log: log, lake: rig.Lake with { Window = TimeSpan.FromSeconds(1) });

    private static LogOptions Full(LogOptions log) => log with { HighWater = 1e-6, LowWater = 1e-7 };

    private static async Task RunAsync(PipelineRig rig, ScriptedSource source, long until, TimeSpan? quiet = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stats = new IngestStats();
        var ingesting = rig.IngestAsync(source, stop.Token, stats);
        await Eventually.TrueAsync("ingested", () => stats.Received >= until);
        await Task.Delay(quiet ?? TimeSpan.FromMilliseconds(300), Token);
        await stop.CancelAsync();
        await ingesting;
    }

    private static async Task HoldAsync(PipelineRig rig, TimeSpan duration, ScriptedSource source)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ingesting = rig.With(log: Full(rig.Log)).IngestAsync(source, stop.Token);
        await Task.Delay(duration, Token);
        await stop.CancelAsync();
        await ingesting;
    }

    /// <summary>Closes the log's open window, and writes all.</summary>
    private static async Task CloseAsync(PipelineRig rig)
    {
        await rig.CloseWindowsAsync();
        await rig.DrainAsync(Token);
    }

    /// <summary>0 s is the control: it passes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_pause_longer_than_the_look_back_after_a_lost_stream_doubles_nothing(int seconds)
    {
        var log = Options();
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => Configure(r, log));
        var events = ScriptedSource.Likes(0, 1_000, StepUs);
        var source = new ScriptedSource(events, RewindUs);
        await RunAsync(rig, source, 1_000);
        await rig.DrainAsync(Token);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);

        if (seconds > 0) await HoldAsync(rig, TimeSpan.FromSeconds(seconds), source);
        await RunAsync(rig, source, 50);
        await CloseAsync(rig);

        Expect.ExactlyOnce(rig, Expect.Sent(events.Select(e => e.Message)));
    }

    [Fact]
    public async Task A_stream_lost_after_a_quiet_time_longer_than_the_look_back_doubles_nothing()
    {
        var log = Options();
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => Configure(r, log));
        var events = ScriptedSource.Likes(0, 1_000, StepUs);
        var source = new ScriptedSource(events, RewindUs);
        await RunAsync(rig, source, 1_000, quiet: TimeSpan.FromSeconds(6));
        await rig.DrainAsync(Token);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);

        await RunAsync(rig, source, 50);
        await CloseAsync(rig);

        Expect.ExactlyOnce(rig, Expect.Sent(events.Select(e => e.Message)));
    }

    [Fact]
    public async Task A_log_that_lost_its_stream_before_its_first_commit_can_be_written()
    {
        var log = Options();
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => Configure(r, log));
        var events = ScriptedSource.Likes(0, 50, StepUs);
        var source = new ScriptedSource(events, RewindUs);
        await RunAsync(rig, source, 50);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        await HoldAsync(rig, TimeSpan.FromSeconds(4), source);
        await rig.DrainAsync(Token);

        await RunAsync(rig, new ScriptedSource(ScriptedSource.Likes(0, 2_000, StepUs), RewindUs), 1_000);
        var write = () => CloseAsync(rig);

        await write.Should().NotThrowAsync();
    }

    [Theory]
    [InlineData(1, RewindUs)]
    [InlineData(2, RewindUs)]
    [InlineData(1, 1)]
    public async Task A_stream_lost_before_its_first_commit_is_fetched_again_from_where_the_source_began(int shards, long rewindUs)
    {
        var log = Options(shards);
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => Configure(r, log));
        var all = ScriptedSource.Likes(0, 2_000, StepUs);

        // A live source that is asked for nothing begins with what comes next.
        await RunAsync(rig, new ScriptedSource([.. all.Skip(1_000)], rewindUs), 1_000);
        foreach (var shard in rig.Logs) await rig.Database.KeyDeleteAsync(shard.Keys.Stream);
        await RunAsync(rig, new ScriptedSource(all, rewindUs, begin: all[1_900].TimeUs), 1_000);
        await CloseAsync(rig);

        Expect.ExactlyOnce(rig, Expect.Sent(all.SkipWhile(e => e.TimeUs < all[1_000].TimeUs - rewindUs).Select(e => e.Message)));
    }

    [Fact]
    public async Task A_new_log_goes_on_behind_a_window_whose_writer_died_before_its_files()
    {
        var log = Options();
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => Configure(r, log));
        var source = new ScriptedSource(ScriptedSource.Likes(0, 2_000, StepUs), RewindUs);
        await RunAsync(rig, source, 2_000);
        await rig.DrainAsync(Token);

        // As a writer leaves it that is killed between the last window's manifest and its files.
        using (var lake = rig.Read())
        {
            File.Delete(Path.Combine(rig.Lake.Path, lake.Files()[^1]));
        }

        foreach (var key in (RedisKey[])[rig.Logs[0].Keys.Stream, rig.Logs[0].Keys.State]) await rig.Database.KeyDeleteAsync(key);
        var elsewhere = rig.With(lake: rig.Lake with { Path = rig.Lake.Path + "-other" });
        await RunAsync(elsewhere, new ScriptedSource(ScriptedSource.Likes(3_000, 2_000, StepUs), RewindUs), 2_000);

        var write = () => rig.DrainAsync(Token);

        await write.Should().NotThrowAsync();
    }

    [Fact]
    public async Task A_replay_into_a_log_that_was_emptied_by_an_ingestor_without_the_lake_doubles_nothing()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 20_000 };
        await rig.IngestAsync(new MockSource(options), Token);
        await rig.DrainAsync(Token);
        foreach (var key in (RedisKey[])[rig.Logs[0].Keys.Stream, rig.Logs[0].Keys.State]) await rig.Database.KeyDeleteAsync(key);

        var elsewhere = rig.With(lake: rig.Lake with { Path = rig.Lake.Path + "-other" });
        await elsewhere.IngestAsync(new MockSource(options), Token);
        try
        {
            await rig.DrainAsync(Token);
        }
        catch (LakeException)
        {
            // To refuse would be right as well.
        }

        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task A_Redis_that_cannot_rewrite_its_file_is_used_all_the_same()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions(ExtraArgs: ["--rename-command", "BGREWRITEAOF", ""]));
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString);
        var options = new MockFirehoseOptions { Events = 2_000 };
        using var stop = new CancellationTokenSource();
        await rig.IngestAsync(new StoppingSource(new MockSource(options), 1_000, stop), stop.Token);
        await server.KillAsync();
        await server.StartAsync();

        var again = rig.IngestAsync(new MockSource(options), Token);

        (await Task.WhenAny(again, Task.Delay(TimeSpan.FromSeconds(30), Token))).Should().Be(again);
    }

    [Fact]
    public async Task A_writer_gets_on_while_two_ingestors_take_turns()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(lake: r.Lake with { Window = TimeSpan.FromHours(1) }));
        var options = new MockFirehoseOptions { Events = 300_000 };
        using var stop = new CancellationTokenSource();
        await rig.IngestAsync(new StoppingSource(new MockSource(options), 290_000, stop), stop.Token);
        await CloseWindowAsync(rig);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var slow = options with { Rate = 343, Events = 600_000 };
        var turns = Task.WhenAll(rig.IngestAsync(new MockSource(slow), end.Token), rig.IngestAsync(new MockSource(slow), end.Token));
        await Task.Delay(1_000, Token);
        var writing = rig.Writer().WriteClosedWindowsAsync(drain: false, end.Token);
        var first = await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(40), Token));
        await end.CancelAsync();
        await turns;
        await Task.WhenAny(writing);

        first.Should().Be(writing);
    }

    [Fact]
    public async Task A_pause_does_not_put_back_the_position_of_a_shard_that_is_ahead()
    {
        var log = Options(shards: 2);
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => Configure(r, log));
        var options = new MockFirehoseOptions { Events = 20_000 };
        await IngestUntilAsync(rig, options, 8_000);
        await rig.DrainAsync(Token);
        await IngestUntilAsync(rig, options, 16_000);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        var before = (await rig.Logs[1].ReadTailAsync()).Position!.Value.Value;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var holding = rig.With(log: Full(log)).IngestAsync(new MockSource(options), stop.Token);
        await Task.Delay(3_000, Token);
        await stop.CancelAsync();
        await holding;
        var after = (await rig.Logs[1].ReadTailAsync()).Position!.Value.Value;
        await rig.IngestAsync(new MockSource(options), Token);
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(options));
        after.Should().BeGreaterThanOrEqualTo(before);
    }

    [Fact]
    public async Task A_source_that_has_ended_is_drained_after_a_pause()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString, r => r.With(log: Options()));
        var options = new MockFirehoseOptions { Events = 2_000 };
        await rig.IngestAsync(new MockSource(options), Token);
        await rig.Database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        var memory = await new MemoryGauge(rig.Database, rig.Logs[0].Keys.State).ReadAsync();
        await rig.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", (memory.Used * 1.2).ToString("F0", System.Globalization.CultureInfo.InvariantCulture));

        var again = rig.IngestAsync(new MockSource(options), Token);
        await Task.Delay(2_000, Token);
        again.IsCompleted.Should().BeFalse("it should pause");
        await rig.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "2gb");
        await again;
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    private static async Task IngestUntilAsync(PipelineRig rig, MockFirehoseOptions options, long position)
    {
        using var stop = new CancellationTokenSource();
        await rig.IngestAsync(new StoppingSource(new MockSource(options), position, stop), stop.Token);
    }

    private static async Task CloseWindowAsync(PipelineRig rig)
    {
        var tail = await rig.Logs[0].ReadTailAsync();
        var end = new LogEntry(tail.Last!.Value.Next(tail.Last.Value.Ms + 3_600_000), tail.LogId, tail.Offset, 0, tail.Position, IsEnd: false, MayRepeat: false, default);
        await rig.Logs[0].AppendAsync(tail.Last, end, create: false, "test", []);
    }
}
