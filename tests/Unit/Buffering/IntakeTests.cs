using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class IntakeTests
{
    private const string Jetstream = "jetstream";
    private const long KnownUs = TestEvents.EpochUs;

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

    private static void Accept(Intake intake, long timeUs) =>
        intake.Accept(new SourceMessage(Encoding.UTF8.GetBytes(TestEvents.Like((int)(timeUs - KnownUs), "app.bsky.feed.like", timeUs)), null));

    private Intake Intake(ShardIngest shard) => new(
        [shard], new SeenEvents(60), new Feed(new Live(), null!, [], null, new LogOptions(), new EventLimits()), new IngestStats(), _time, NullLogger.Instance);

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
