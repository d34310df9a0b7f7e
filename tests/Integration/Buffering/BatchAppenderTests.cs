using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Buffering;

public sealed class BatchAppenderTests(RedisFixture redis)
{
    private readonly RedisLog _log = new(redis.Database, new LogKeys($"test-{Guid.NewGuid():N}", 0));

    [Fact]
    public async Task A_batch_older_than_what_is_committed_goes_behind_it()
    {
        var tail = await _log.ReadTailAsync();

        await AppendAsync(tail with { FloorMs = 5_000 }, Batch(4_000));

        (await _log.ReadTailAsync()).Last.Should().Be(new LogEntryId(5_000, 0));
    }

    [Fact]
    public async Task After_a_batch_that_was_refused_nothing_more_is_sent()
    {
        var tail = await _log.ReadTailAsync();
        await AppendAsync(tail, Batch(1_000));
        // Begins where the log no longer ends: its first batch is refused, and the second must not pass in its place.
        var behind = () => AppendAsync(tail, Batch(2_000), Batch(3_000));

        await behind.Should().ThrowAsync<AppendFailedException>();

        (await _log.ReadTailAsync()).Offset.Should().Be(1);
    }

    [Fact]
    public async Task A_batch_does_not_follow_another_appenders_batch_that_has_the_same_id()
    {
        // Two ingestors of one source: the second's first batch is refused, and its second finds the id that it expects.
        var tail = await _log.ReadTailAsync();
        await AppendAsync(tail, Batch(1_000));
        var first = new LogEntryId(1_000, 0);
        var second = new LogEntry(first.Next(2_000), tail.LogId, 20, 1, null, IsEnd: false, MayRepeat: false, new byte[] { 1 });

        var append = () => _log.AppendAsync(first, second, create: false, "second", [], after: "second");

        await append.Should().ThrowAsync<StackExchange.Redis.RedisServerException>().WithMessage("FENCED*");
    }

    private static SealedBatch Batch(long ms) => new([2, 0], 1, [], ms);

    private async Task AppendAsync(LogTail tail, params SealedBatch[] batches)
    {
        await using var appender = new BatchAppender(_log, tail, new LogOptions(), TimeProvider.System);
        foreach (var batch in batches) await appender.AppendAsync(batch, TestContext.Current.CancellationToken);
        await appender.CompleteAsync();
    }
}
