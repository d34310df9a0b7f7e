using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Buffering;

/// <summary>What the scripts of the log take and what they refuse, one rule each.</summary>
public sealed class RedisLogTests(RedisFixture redis)
{
    private const string Id = "log";
    private const string Epoch = "first";
    private const string Counter = "appended:post";

    private readonly RedisLog _log = new(redis.Database, new LogKeys($"test-{Guid.NewGuid():N}", 0));

    [Fact]
    public async Task An_append_that_expects_another_end_is_refused()
    {
        await AppendAsync(null, Entry(1_000, 0));
        await AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10));

        var late = () => AppendAsync(new LogEntryId(1_000, 0), Entry(3_000, 10));

        await late.Should().ThrowAsync<RedisServerException>().WithMessage("FENCED the log ends at*");
    }

    [Fact]
    public async Task An_append_behind_what_is_committed_is_refused()
    {
        await AppendAsync(null, Entry(1_000, 0));
        (await _log.CommitAsync(Commit(toOffset: 10, committedMs: 5_000))).Should().BeTrue();

        var late = () => AppendAsync(new LogEntryId(1_000, 0), Entry(4_999, 10));

        await late.Should().ThrowAsync<RedisServerException>().WithMessage("FENCED the log is committed up to 5000*");
    }

    [Fact]
    public async Task An_append_does_not_begin_a_stream_that_was_evicted_meanwhile()
    {
        await AppendAsync(null, Entry(1_000, 0));
        await redis.Database.KeyDeleteAsync(_log.Keys.Stream);

        var next = () => AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10));

        await next.Should().ThrowAsync<RedisServerException>().WithMessage("FENCED the stream is gone*");
    }

    [Fact]
    public async Task The_end_can_be_read_from_a_full_Redis_that_takes_no_transaction()
    {
        await AppendAsync(null, Entry(1_000, 0));
        await AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10));
        var full = new RedisLog(NoTransactions.Of(redis.Database), _log.Keys);

        var (last, state) = await full.ReadEndAsync();

        last!.Id.Should().Be(new LogEntryId(2_000, 0));
        (state.Last, state.Offset).Should().Be((last.Id, last.NextOffset));
    }

    [Fact]
    public async Task The_end_that_is_read_without_a_transaction_is_of_one_moment()
    {
        await AppendAsync(null, Entry(1_000, 0));
        var busy = new RedisLog(NoTransactions.Of(redis.Database, () => AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10))), _log.Keys);

        var (last, state) = await busy.ReadEndAsync();

        (state.Last, state.Offset).Should().Be((last!.Id, last.NextOffset));
        last.Id.Should().Be(new LogEntryId(2_000, 0), "the first look is a moment too old");
    }

    [Fact]
    public async Task A_refused_append_counts_nothing()
    {
        await AppendAsync(null, Entry(1_000, 0));

        await ((Func<Task>)(() => AppendAsync(null, Entry(2_000, 10)))).Should().ThrowAsync<RedisServerException>();

        (await _log.ReadStateAsync()).Counters.Should().BeEquivalentTo(new Dictionary<string, long> { [Counter] = 10 });
    }

    [Fact]
    public async Task A_commit_that_follows_another_one_than_it_thinks_is_refused()
    {
        await AppendTwoAsync();
        (await _log.CommitAsync(Commit(toOffset: 10, committedMs: 2_000))).Should().BeTrue();

        (await _log.CommitAsync(Commit(toOffset: 20, committedMs: 3_000))).Should().BeFalse();
    }

    [Fact]
    public async Task A_commit_that_was_made_already_is_refused()
    {
        await AppendAsync(null, Entry(1_000, 0, count: 0));
        (await _log.CommitAsync(Commit(toOffset: 0, committedMs: 2_000))).Should().BeTrue();

        (await _log.CommitAsync(Commit(toOffset: 0, committedMs: 2_000))).Should().BeFalse();
    }

    [Fact]
    public async Task A_commit_of_another_log_is_refused()
    {
        await AppendTwoAsync();

        var commit = () => _log.CommitAsync(Commit(toOffset: 10, committedMs: 2_000) with { LogId = "other" });

        await commit.Should().ThrowAsync<RedisServerException>().WithMessage("FENCED the log is another one*");
    }

    [Fact]
    public async Task A_commit_is_refused_when_another_appender_has_been_at_work_since_the_window_was_read()
    {
        await AppendTwoAsync();
        await AppendAsync(new LogEntryId(2_000, 0), Entry(3_000, 20), epoch: "second");

        (await _log.CommitAsync(Commit(toOffset: 10, committedMs: 2_000))).Should().BeFalse();
    }

    [Fact]
    public async Task A_commit_of_more_than_the_log_knows_of_is_refused()
    {
        await AppendTwoAsync();

        (await _log.CommitAsync(Commit(toOffset: 21, committedMs: 3_000))).Should().BeFalse();
    }

    [Fact]
    public async Task An_open_window_is_not_committed_when_its_source_went_on()
    {
        await AppendTwoAsync();

        (await _log.CommitAsync(Commit(toOffset: 20, committedMs: 5_000) with { DrainedAt = new LogEntryId(1_000, 0) })).Should().BeFalse();
    }

    [Fact]
    public async Task A_refused_commit_trims_nothing()
    {
        await AppendTwoAsync();

        await _log.CommitAsync(Commit(toOffset: 20, committedMs: 5_000) with { FromOffset = 5, TrimBelowMs = 5_000 });

        (await redis.Database.StreamLengthAsync(_log.Keys.Stream)).Should().Be(2);
    }

    [Fact]
    public async Task A_refused_commit_counts_nothing()
    {
        await AppendTwoAsync();

        await _log.CommitAsync(Commit(toOffset: 20, committedMs: 5_000) with { FromOffset = 5 });

        (await _log.ReadStateAsync()).Counters.Should().NotContainKey("committed:post");
    }

    [Fact]
    public async Task To_ask_for_a_commit_changes_nothing()
    {
        await AppendTwoAsync();
        var before = await redis.Database.HashGetAllAsync(_log.Keys.State);

        (await _log.CanCommitAsync(Commit(toOffset: 20, committedMs: 5_000) with { TrimBelowMs = 5_000 })).Should().BeTrue();

        (await redis.Database.HashGetAllAsync(_log.Keys.State)).Should().BeEquivalentTo(before);
        (await redis.Database.StreamLengthAsync(_log.Keys.Stream)).Should().Be(2);
    }

    [Fact]
    public async Task A_commit_trims_what_lies_before_its_mark_and_counts_once()
    {
        await AppendTwoAsync();

        (await _log.CommitAsync(Commit(toOffset: 20, committedMs: 5_000) with { TrimBelowMs = 2_000 })).Should().BeTrue();

        (await _log.ReadFirstAsync(LogEntryId.Zero))!.Id.Should().Be(new LogEntryId(2_000, 0));
        (await _log.ReadStateAsync()).Counters["committed:post"].Should().Be(20);
    }

    [Fact]
    public async Task The_tail_of_an_evicted_stream_is_where_the_last_commit_left_off()
    {
        await AppendTwoAsync();
        await _log.CommitAsync(Commit(toOffset: 10, committedMs: 2_000) with { Position = new SourcePosition("mock", 7) });
        await redis.Database.KeyDeleteAsync(_log.Keys.Stream);

        var tail = await _log.ReadTailAsync();

        (tail.Offset, tail.Missing, tail.Position, tail.FloorMs, tail.LookBackLost, tail.StreamExists)
            .Should().Be((20, 10, new SourcePosition("mock", 7), 2_000, true, false));
    }

    [Fact]
    public async Task A_log_that_is_there_is_not_begun_again()
    {
        await AppendTwoAsync();

        (await _log.ReviveAsync(Entry(9_000, 90) with { Count = 0 }, 9_000)).Should().BeFalse();

        (await _log.ReadTailAsync()).Offset.Should().Be(20);
    }

    [Fact]
    public async Task What_is_known_of_a_commit_is_not_overwritten_by_what_the_lake_remembers()
    {
        await AppendTwoAsync();
        await _log.CommitAsync(Commit(toOffset: 20, committedMs: 5_000));

        await _log.RestoreCommittedAsync(2_000, 10, null);

        (await _log.ReadStateAsync()).CommittedOffset.Should().Be(20);
    }

    private static LogEntry Entry(long ms, long offset, int count = 10) =>
        new(new LogEntryId(ms, 0), Id, offset, count, null, IsEnd: false, MayRepeat: false, new byte[] { 1 });

    private static LogCommit Commit(long toOffset, long committedMs) => new(
        Id, 0, toOffset, committedMs, null, 0, null, Epoch, [KeyValuePair.Create("committed:post", toOffset)]);

    private Task AppendAsync(LogEntryId? expected, LogEntry entry, string epoch = Epoch) =>
        _log.AppendAsync(expected, entry, create: expected is null, epoch, [KeyValuePair.Create(Counter, (long)entry.Count)]);

    private async Task AppendTwoAsync()
    {
        await AppendAsync(null, Entry(1_000, 0));
        await AppendAsync(new LogEntryId(1_000, 0), Entry(2_000, 10));
    }
}
