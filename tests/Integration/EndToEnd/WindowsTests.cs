using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

public sealed class WindowsTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_windows_are_caught_up_on_in_one_go()
    {
        await using var rig = await OpenAsync(TimeSpan.FromSeconds(1));
        var events = TestEvents.Likes(0, 3_000, stepUs: 333_400).ToList();
        var stats = new WriteStats();

        await rig.IngestAsync(Replay(events), Token);
        await rig.Writer(stats).WriteClosedWindowsAsync(drain: true, Token);

        stats.Windows.Should().BeGreaterThanOrEqualTo(1_000);
        Expect.ExactlyOnce(rig, Expect.Sent(events));
    }

    [Fact]
    public async Task Hours_without_events_give_no_files()
    {
        await using var rig = await OpenAsync(TimeSpan.FromSeconds(10));
        var events = new[] { TestEvents.Like(1, 1), TestEvents.Like(2, stepUs: 3_600_000_000), TestEvents.Like(3, stepUs: 3_600_000_000) };
        var stats = new WriteStats();

        await rig.IngestAsync(Replay(events), Token);
        await rig.Writer(stats).WriteClosedWindowsAsync(drain: true, Token);

        stats.Files.Should().Be(3);
        Expect.ExactlyOnce(rig, Expect.Sent(events));
    }

    [Fact]
    public async Task Rows_around_an_hours_edge_are_in_the_hour_of_their_own_time()
    {
        await using var rig = await OpenAsync(TimeSpan.FromMinutes(5));
        var options = new MockFirehoseOptions { Events = 20_000, Start = new DateTimeOffset(2026, 7, 4, 13, 59, 30, TimeSpan.Zero) };

        await rig.IngestAsync(new MockSource(options), Token);
        await rig.DrainAsync(Token);

        using var lake = rig.Read();
        lake.Query<string>($"SELECT DISTINCT CAST(hour AS VARCHAR) FROM {lake.Everything}").Should().HaveCount(2);
        lake.Scalar<long>($"SELECT count(*) FROM {lake.Everything} WHERE CAST(hour AS INT) <> extract('hour' FROM make_timestamp(time_us))").Should().Be(0);
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task Four_shards_hold_every_event_once_between_them()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Shards = 4 }));
        var options = new MockFirehoseOptions { Events = 20_000 };
        for (var limit = 3_000L; limit < 15_000; limit += 5_000)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            await rig.IngestAsync(new StoppingSource(new MockSource(options), limit, stop), stop.Token);
        }

        await rig.IngestAsync(new MockSource(options), Token);
        await rig.DrainAsync(Token);

        using var lake = rig.Read();
        lake.Files().Should().Contain(f => f.EndsWith("-3.parquet"));
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task Without_linger_every_event_is_an_entry_of_its_own()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Linger = TimeSpan.Zero }));
        var events = TestEvents.Likes(0, 200).ToList();

        await rig.IngestAsync(Replay(events), Token);

        (await rig.Database.StreamLengthAsync(rig.Logs[0].Keys.Stream)).Should().BeInRange(200, 201);
        await rig.DrainAsync(Token);
        Expect.ExactlyOnce(rig, Expect.Sent(events));
    }

    [Fact]
    public async Task A_source_that_goes_on_after_its_open_window_was_drained_loses_nothing()
    {
        await using var rig = await OpenAsync(TimeSpan.FromMinutes(5));
        var whole = new MockFirehoseOptions { Events = 3_000 };
        foreach (var events in new[] { 1_000, 2_000, 3_000 })
        {
            await rig.IngestAsync(new MockSource(whole with { Events = events }), Token);
            await rig.DrainAsync(Token);
        }

        Expect.ExactlyOnce(rig, Expect.Sent(whole));
    }

    [Fact]
    public async Task What_is_committed_leaves_the_log_except_for_the_look_back()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { LookBack = TimeSpan.FromSeconds(20) }));
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 40_000 }), Token);

        await rig.DrainAsync(Token);

        var log = rig.Logs[0];
        var (last, state) = await log.ReadEndAsync();
        var first = await log.ReadFirstAsync(LogEntryId.Zero);
        first!.Id.Ms.Should().BeInRange(last!.Id.Ms - 20_000, last.Id.Ms - 18_000);
        state.CommittedOffset.Should().Be(state.Offset);
    }

    private Task<PipelineRig> OpenAsync(TimeSpan window) =>
        PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(lake: r.Lake with { Window = window }));

    private static FileReplaySource Replay(IEnumerable<string> events)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("replay-").FullName, "events.jsonl");
        File.WriteAllLines(file, events);
        return new FileReplaySource(new FileReplayOptions { Path = file }, TimeProvider.System);
    }
}
