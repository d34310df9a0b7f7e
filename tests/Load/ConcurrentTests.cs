using System.Diagnostics;
using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Load.Reports;
using Xunit;
using static System.FormattableString;

namespace Pipeline.Tests.Load;

/// <summary>Several ingestors, each with a log of its own, and one ingestor with as many shards: how far one Redis carries them.</summary>
public sealed class ConcurrentTests(RedisFixture redis)
{
    private const long Events = 160_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_of_1_2_4_and_8_ingestors_and_shards_is_in_the_log()
    {
        var table = new Table("scaling", Invariant($"{Events:N0} mock events as fast as they are taken, divided among ingestors, and among the shards of one."), "streams", "ingestors, events/s", "one ingestor with shards, events/s");
        int[] counts = [1, 2, 4, 8];
        List<double> ofIngestors = [], ofShards = [];
        foreach (var streams in counts)
        {
            var ingestors = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => PipelineRig.OpenAsync(redis.ConnectionString)));
            var separate = await RateAsync(ingestors, Events / streams);
            await using var sharded = await PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: r.Log with { Shards = streams }));
            var together = await RateAsync([sharded], Events);
            ofIngestors.Add(separate);
            ofShards.Add(together);
            table.Add(Invariant($"{streams}"), Invariant($"{separate:N0}"), Invariant($"{together:N0}"));
            foreach (var rig in ingestors) await rig.DisposeAsync();
        }

        table.Add(new LineChart("Events per second", "/s", [("ingestors", [.. ofIngestors]), ("shards", [.. ofShards])], Logarithmic: false) { Labels = [.. counts.Select(c => Invariant($"{c}"))] });
        TestContext.Current.TestOutputHelper!.WriteLine(table.Write());
    }

    private static async Task<double> RateAsync(PipelineRig[] rigs, long eventsEach)
    {
        var stats = rigs.Select(_ => new IngestStats()).ToList();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(rigs.Select((rig, i) => Task.Run(() => rig.IngestAsync(new MockSource(new MockFirehoseOptions { Seed = (ulong)i, Events = eventsEach }), Token, stats[i]), Token)));
        var rate = stats.Sum(s => s.Received) / watch.Elapsed.TotalSeconds;
        for (var i = 0; i < rigs.Length; i++)
        {
            stats[i].Received.Should().Be(eventsEach);
            var held = 0L;
            foreach (var log in rigs[i].Logs) held += await HeldAsync(log);
            held.Should().BePositive().And.Be(stats[i].Acknowledged);
            (stats[i].Acknowledged + stats[i].Skipped).Should().Be(eventsEach);
        }

        return rate;
    }

    /// <summary>Records in the stream, counted entry by entry.</summary>
    private static async Task<long> HeldAsync(RedisLog log)
    {
        var held = 0L;
        await foreach (var entry in log.ReadAsync(LogEntryId.Zero, new LogEntryId(long.MaxValue, long.MaxValue), RedisLog.ChunkEntries, Token)) held += entry.Count;
        return held;
    }
}
