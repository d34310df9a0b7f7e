using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Bench.Peers;

/// <summary>Ways from the same events in memory to the same rows in committed Parquet.</summary>
internal static class PeerBenchmark
{
    private static readonly string[] _head = ["way", "events/s", "ours is faster by", "to the buffer, events/s", "to Parquet, events/s", "Redis, B/event", "Parquet, B/event", "memory of the process"];

    public static async Task<ResultTable> RunAsync(Workbench bench, BenchOptions options, string what, CancellationToken cancellationToken)
    {
        IPeer[] peers = [new PipelinePeer(bench), new EntryPeer(bench), new DuckPeer(bench)];
        var runs = peers.Select(_ => new List<PeerRun>()).ToList();
        long rows = 0;

        // The first round warms the JIT compiler up.
        for (var round = 0; round <= options.Rounds; round++)
        {
            LakeContent? content = null;
            for (var i = 0; i < peers.Length; i++)
            {
                var (run, written) = await RunAsync(bench, peers[i], cancellationToken);
                content ??= written;
                if (content != written) throw new InvalidOperationException($"The lakes differ. {peers[0].Name}:\n{content.ByType}\n{peers[i].Name}:\n{written.ByType}");
                if (round > 0) runs[i].Add(run);
                Console.WriteLine(Text($"  peers {(round == 0 ? "warm-up" : Text($"round {round}"))}: {peers[i].Name}, {written.Rows / run.Seconds:N0} events/s"));
            }

            rows = content!.Rows;
        }

        return new ResultTable("peers", _head, [.. peers.Select((peer, i) => Row(peer, runs[i], runs[0], rows))], Text($"{what} The same {rows:N0} rows in every lake."));
    }

    private static async Task<(PeerRun Run, LakeContent Content)> RunAsync(Workbench bench, IPeer peer, CancellationToken cancellationToken)
    {
        var lake = Directory.CreateDirectory(Path.Combine(bench.Folder, "peer-lake")).FullName;
        await bench.ResetAsync(cancellationToken);
        var before = await bench.UsedMemoryAsync(cancellationToken);
        var peak = PeakMemory.Start();
        var clock = Stopwatch.StartNew();
        await peer.BufferAsync(cancellationToken);
        var buffering = clock.Elapsed;
        var redis = await bench.UsedMemoryAsync(cancellationToken) - before;
        clock.Restart();
        await peer.WriteAsync(lake, cancellationToken);
        var writing = clock.Elapsed;
        var run = new PeerRun(
            buffering, writing, redis, Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), peak.Bytes);
        var content = LakeContent.Of(lake);
        Directory.Delete(lake, recursive: true);
        return (run, content);
    }

    private static string[] Row(IPeer peer, List<PeerRun> runs, List<PeerRun> ours, long rows)
    {
        // Round by round: what disturbs a round disturbs all its ways.
        var ratios = runs.Zip(ours, (run, our) => run.Seconds / our.Seconds).ToList();
        var redis = Rounds.Median(runs.Select(r => r.RedisBytes / (double)rows));
        return
        [
            peer.Name, Text($"{rows / Rounds.Median(runs.Select(r => r.Seconds)):N0}"), Text($"{Rounds.Median(ratios):0.00} ({ratios.Min():0.00}–{ratios.Max():0.00})"),
            Text($"{rows / Rounds.Median(runs.Select(r => r.Buffering.TotalSeconds)):N0}"), Text($"{rows / Rounds.Median(runs.Select(r => r.Writing.TotalSeconds)):N0}"),
            redis > 1 ? Text($"{redis:0.0}") : "", Text($"{Rounds.Median(runs.Select(r => r.ParquetBytes / (double)rows)):0.0}"),
            runs.All(r => r.PeakBytes is not null) ? Text($"{Rounds.Median(runs.Select(r => r.PeakBytes!.Value / 1e6)):0} MB") : "",
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
