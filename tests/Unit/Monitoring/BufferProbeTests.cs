using FluentAssertions;
using Pipeline.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

public sealed class BufferProbeTests
{
    private static readonly BufferReading _one = Readings.Usual(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Of_several_shards_amounts_are_added_up()
    {
        var sum = BufferProbe.Sum([_one, _one with { Events = 5, Entries = 2, Bytes = 100, BallastKeys = 6 }]);

        (sum.Events, sum.Entries, sum.Bytes, sum.BallastKeys, sum.BallastExpected).Should().Be((1005, 32, 200_100, 14, 16));
    }

    [Fact]
    public void The_shard_that_is_furthest_behind_says_what_waits_and_what_is_complete()
    {
        var sum = BufferProbe.Sum([_one, _one with { OldestUnwrittenMs = 3_000, CommittedMs = 2_000, LastEntryMs = 12_000 }, _one with { OldestUnwrittenMs = null }]);

        (sum.OldestUnwrittenMs, sum.CommittedMs, sum.LastEntryMs).Should().Be((3_000, 2_000, 12_000));
    }

    [Fact]
    public void Nothing_is_complete_before_the_first_commit_of_every_shard() =>
        BufferProbe.Sum([_one, _one with { CommittedMs = null }]).CommittedMs.Should().BeNull();

    [Fact]
    public void Memory_is_that_of_the_fullest_server_not_the_sum()
    {
        var sum = BufferProbe.Sum([_one, _one with { MemoryUsed = 900, MemoryMax = 1000 }, _one with { MemoryMax = 0 }]);

        (sum.MemoryUsed, sum.MemoryMax, sum.MemoryUtilization).Should().Be((900, 1000, 0.9));
    }

    [Fact]
    public void What_one_shard_does_not_tell_is_not_known() => BufferProbe.Sum([_one, _one with { Bytes = null }]).Bytes.Should().BeNull();
}
