using FluentAssertions;
using Pipeline.Buffering;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class LogStateTests
{
    [Fact]
    public void A_log_that_was_never_written_has_nothing()
    {
        var state = LogState.Parse([]);

        (state.LogId, state.Last, state.Offset, state.CommittedMs, state.CommittedOffset, state.CommittedPosition)
            .Should().Be((null, null, 0L, null, 0L, null));
        state.Counters.Should().BeEmpty();
    }

    [Fact]
    public void Every_field_is_read_and_names_with_a_colon_are_counters()
    {
        var state = LogState.Parse(
        [
            new("id", "abc"), new("last", "1783173600000-5"), new("offset", 70), new("committed", "0"), new("committed_offset", "50"),
            new("committed_position", "mock-1/2/49"), new("appended:post", 60), new("rejected:malformed", "10"), new("unknown", "x"),
        ]);

        (state.LogId, state.Last, state.Offset, state.CommittedMs, state.CommittedOffset, state.CommittedPosition)
            .Should().Be(("abc", new LogEntryId(1_783_173_600_000, 5), 70L, 0L, 50L, new SourcePosition("mock-1/2", 49)));
        state.Counters.Should().BeEquivalentTo(new Dictionary<string, long> { ["appended:post"] = 60, ["rejected:malformed"] = 10 });
    }

    [Fact]
    public void A_field_that_is_empty_counts_as_absent() =>
        LogState.Parse([new HashEntry("last", ""), new HashEntry("committed_position", "")]).Should()
            .Match<LogState>(s => s.Last == null && s.CommittedPosition == null);

    [Fact]
    public void The_keys_of_a_shard_share_a_hash_tag()
    {
        var keys = new LogKeys("blue", 3);

        (keys.Name, (string?)keys.Stream, (string?)keys.State, (string?)keys.Lease).Should().Be(("blue:3", "{blue:3}:log", "{blue:3}:state", "{blue:3}:lease"));
    }
}
