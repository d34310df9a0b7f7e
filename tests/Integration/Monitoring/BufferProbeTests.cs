using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Monitoring;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>What a look at Redis says of a log.</summary>
public sealed class BufferProbeTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_that_has_not_begun_holds_nothing()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);

        var reading = await LookAsync(rig);

        reading.Should().BeEquivalentTo(new { Events = 0L, Entries = 0L, Bytes = 0L, OldestUnwrittenMs = (long?)null, LastEntryMs = (long?)null, CommittedMs = (long?)null });
        reading.MemoryUtilization.Should().BeInRange(0.0001, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_in_the_log_waits_until_it_is_in_the_lake(int shards)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Shards = shards }));
        var stats = new IngestStats();
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 6000 }), Token, stats);

        var waiting = await LookAsync(rig);

        waiting.Events.Should().Be(stats.Acknowledged).And.BePositive();
        waiting.Entries.Should().Be((await Task.WhenAll(rig.Logs.Select(l => rig.Database.StreamLengthAsync(l.Keys.Stream)))).Sum());
        waiting.Bytes.Should().BeGreaterThan(stats.Acknowledged * 50);
        // The very first message may be of a kind that is not archived.
        var begin = new MockFirehoseOptions().Start.ToUnixTimeMilliseconds();
        waiting.OldestUnwrittenMs.Should().BeInRange(begin, begin + 100);
        waiting.LastEntryMs.Should().BeGreaterThan(waiting.OldestUnwrittenMs!.Value + 10_000);
        waiting.CommittedMs.Should().BeNull();

        await rig.Writer().WriteClosedWindowsAsync(drain: false, Token);
        var written = await LookAsync(rig);
        written.Events.Should().BeInRange(1, stats.Acknowledged - 1);
        written.CommittedMs.Should().Be(written.OldestUnwrittenMs!.Value / 10_000 * 10_000);

        await rig.DrainAsync(Token);
        (await LookAsync(rig)).Should().BeEquivalentTo(new { Events = 0L, OldestUnwrittenMs = (long?)null, waiting.LastEntryMs });
    }

    [Fact]
    public async Task A_quiet_source_keeps_nothing_waiting_and_does_not_make_the_next_event_look_old()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 1000 }), Token);
        await rig.DrainAsync(Token);
        var log = rig.Logs[0];
        var tail = await log.ReadTailAsync();
        var (last, ms) = (tail.Last!.Value, tail.ReachedMs);
        for (var n = 0; n < 200; n++) last = await AppendAsync(log, tail, last, ms += 1000, count: 0);
        (await LookAsync(rig)).Should().BeEquivalentTo(new { Events = 0L, OldestUnwrittenMs = (long?)null, LastEntryMs = ms });

        await AppendAsync(log, tail, last, ms + 1000, count: 7);

        (await LookAsync(rig)).Should().BeEquivalentTo(new { Events = 7L, OldestUnwrittenMs = ms + 1000 });
    }

    [Fact]
    public async Task Ballast_that_was_evicted_is_missed()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Ballast = 0.0001 }));
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 100 }), Token);
        (await LookAsync(rig)).Should().BeEquivalentTo(new { BallastKeys = 8, BallastExpected = 8 });

        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Ballast(3));

        (await LookAsync(rig)).Should().BeEquivalentTo(new { BallastKeys = 7, BallastExpected = 8 });
    }

    private static Task<BufferReading> LookAsync(PipelineRig rig) => new BufferProbe(rig.Database, rig.Logs, TimeProvider.System).LookAsync(Token);

    private static async Task<LogEntryId> AppendAsync(RedisLog log, LogTail tail, LogEntryId last, long ms, int count)
    {
        var entry = new LogEntry(last.Next(ms), tail.LogId, tail.Offset, count, tail.Position, IsEnd: false, MayRepeat: false, new byte[count]);
        await log.AppendAsync(last, entry, create: false, "test", []);
        return entry.Id;
    }
}
