using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Buffering;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class ShardIngestTests
{
    private const long LastMs = 1_783_173_600_000;
    private const long FloorMs = LastMs + 7_000;

    private readonly LogOptions _options = new();

    [Fact]
    public async Task Log_time_goes_on_by_what_has_passed_here_whatever_the_clock_says()
    {
        var time = new ShiftingTime();
        await using var shard = Shard(time);

        time.Offset = TimeSpan.FromHours(1);
        shard.Heartbeat(null);

        shard.LogMs.Should().BeInRange(LastMs, LastMs + 600_000);
    }

    [Fact]
    public async Task An_event_of_the_next_second_begins_a_batch_of_its_own()
    {
        await using var shard = Shard(new FakeTimeProvider());
        shard.Open.AddEvent("{}"u8, LastMs, "appended:post", now: 0);

        (shard.MustSealFor(LastMs + 999), shard.MustSealFor(LastMs + 1_000)).Should().Be((false, true));
    }

    [Fact]
    public async Task A_batch_is_full_at_its_bytes_however_few_events_it_has()
    {
        await using var shard = Shard(new FakeTimeProvider());
        shard.Open.AddEvent(new byte[_options.BatchBytes], LastMs, "appended:post", now: 0);

        shard.IsFull.Should().BeTrue();
    }

    [Fact]
    public async Task Log_time_begins_behind_what_is_committed()
    {
        await using var shard = Shard(new FakeTimeProvider(), FloorMs);

        shard.LogMs.Should().Be(FloorMs);
    }

    [Theory]
    [InlineData(true, 60_000)]
    [InlineData(false, 0)]
    public async Task Log_time_goes_on_under_a_live_source_that_sends_no_events_but_other_messages(bool isLive, long passedMs)
    {
        var time = new FakeTimeProvider();
        await using var shard = Shard(time, isLive: isLive);

        for (var second = 0; second < 60; second++)
        {
            shard.Open.Tally("skipped:identity", 1, time.GetTimestamp());
            time.Advance(TimeSpan.FromSeconds(1));
            shard.Seal(null);
        }

        shard.LogMs.Should().Be(LastMs + passedMs);
    }

    private ShardIngest Shard(TimeProvider time, long floorMs = 0, bool isLive = true) => new(
        new RedisLog(null!, new LogKeys("none", 0)),
        new LogTail("log", new LogEntryId(LastMs, 0), 5, null, StreamExists: true, IsEnd: false, Missing: 0, CommittedOffset: 0, floorMs, LookBackLost: false, Ends: [], Epoch: ""),
        isLive,
        _options,
        time);
}
