using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class IntakeTests
{
    private const string Jetstream = "jetstream";
    private const long KnownUs = TestEvents.EpochUs;

    private static readonly LogTail _new = new(
        "log", null, 0, null, StreamExists: false, IsEnd: false, Missing: 0, CommittedOffset: 0, FloorMs: 0, LookBackLost: false, Ends: [], Epoch: "");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMicroseconds(KnownUs));

    [Fact]
    public async Task A_first_event_that_is_minutes_ahead_does_not_move_the_place_to_resume_at()
    {
        await using var shard = Shard(new SourcePosition(Jetstream, KnownUs));
        var intake = Intake(shard);

        Accept(intake, KnownUs + 240_000_000);

        intake.Position.Should().Be(new SourcePosition(Jetstream, KnownUs));
    }

    [Fact]
    public async Task The_place_to_resume_at_follows_the_events()
    {
        await using var shard = Shard(new SourcePosition(Jetstream, KnownUs));
        var intake = Intake(shard);

        for (var i = 1; i <= 20; i++) Accept(intake, KnownUs + i);

        intake.Position.Should().Be(new SourcePosition(Jetstream, KnownUs + 13), "that is the median of the last 15");
    }

    [Fact]
    public async Task A_log_of_another_source_does_not_say_where_to_resume()
    {
        await using var shard = Shard(new SourcePosition("mock-1", 7));

        Intake(shard).FirstResume.Should().BeNull();
    }

    [Fact]
    public async Task A_clock_that_is_behind_every_event_is_named_once_a_minute_and_every_event_is_rejected_with_its_bytes()
    {
        const int Hour = 3_600_000;
        using var log = new LogLines();
        var rejected = new IngestStats();
        await using var shard = new ShardIngest(new RedisLog(null!, new LogKeys("none", 0)), _new, isLive: true, new LogOptions(), _time);
        var intake = Intake(shard, log.CreateLogger("test"), rejected);

        for (var i = 0; i < 30; i++) Accept(intake, KnownUs + Hour * 1000L + i);
        var soon = log.All;
        _time.Advance(TimeSpan.FromSeconds(61));
        for (var i = 30; i < 60; i++) Accept(intake, KnownUs + Hour * 1000L + i);
        var later = log.All;
        _time.Advance(TimeSpan.FromHours(1));
        Accept(intake, KnownUs + Hour * 1000L + 60);

        soon.Should().ContainSingle().Which.Should().Contain("The clock of this machine is wrong").And.Contain("by 1h").And.Contain($"{_time.GetUtcNow() - TimeSpan.FromSeconds(3661):u}");
        later.Should().HaveCount(2);
        rejected.RejectedFor(RejectReason.TimeOutOfRange).Should().Be(60);
        rejected.Appended(EventType.Like).Should().Be(1, "the clock is right again");
    }

    [Fact]
    public async Task A_few_absurd_times_among_good_ones_are_no_reason_to_doubt_the_clock()
    {
        using var log = new LogLines();
        await using var shard = Shard(new SourcePosition(Jetstream, KnownUs));
        var intake = Intake(shard, log.CreateLogger("test"), new IngestStats());

        for (var i = 1; i <= 100; i++)
        {
            Accept(intake, KnownUs + 3_600_000_000 + i);
            if (i % 10 == 0) Accept(intake, KnownUs + i);
        }

        for (var i = 0; i < 100; i++) Accept(intake, long.MaxValue - i);

        log.All.Should().BeEmpty();
    }

    private static void Accept(Intake intake, long timeUs) =>
        intake.Accept(new SourceMessage(Encoding.UTF8.GetBytes(TestEvents.Like((int)(timeUs - KnownUs), "app.bsky.feed.like", timeUs)), null));

    private Intake Intake(ShardIngest shard) => Intake(shard, NullLogger.Instance, new IngestStats());

    private Intake Intake(ShardIngest shard, ILogger logger, IngestStats stats) => new(
        [shard], new SeenEvents(60), new Feed(new Live(), null!, [], null, new LogOptions(), new EventLimits()), stats, _time, logger);

    private ShardIngest Shard(SourcePosition position) => new(
        new RedisLog(null!, new LogKeys("none", 0)),
        new LogTail(
            "log", new LogEntryId(KnownUs / 1000, 0), 5, position, StreamExists: true, IsEnd: false, Missing: 0, CommittedOffset: 0, FloorMs: 0, LookBackLost: false, Ends: [], Epoch: ""),
        isLive: true,
        new LogOptions(),
        _time);

    /// <summary>A live source, which nobody reads here.</summary>
    private sealed class Live : IEventSource
    {
        public string Name => Jetstream;

        public bool IsLive => true;

        public long Rewind => 10_000_000;

        public IAsyncEnumerable<SourceMessage> ReadAsync(long? position, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
