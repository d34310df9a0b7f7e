using System.Globalization;
using Pipeline.Bench.Hot;
using Pipeline.Bench.Peers;

namespace Pipeline.Bench;

/// <summary>Runs the benchmarks that were asked for.</summary>
internal sealed class Suite(string[] names, BenchOptions options)
{
    /// <summary>The lines of the table of targets.</summary>
    private static readonly string[] _targets = ["ingest", "drain", "memory", "rss", "metrics"];

    /// <summary>Takes minutes by itself.</summary>
    private const string Long = "rss-long";

    public static IReadOnlyList<string> Names { get; } = [.. _targets, "compact", "peers", "hot", Long];

    public bool HasTargets => _targets.Any(IsWanted);

    /// <summary>True when every line of the table of targets was asked for; part of it must not take the place of all of it.</summary>
    public bool HasAllTargets => _targets.All(IsWanted);

    public async Task<IReadOnlyList<ResultTable>> RunAsync(CancellationToken cancellationToken)
    {
        var tables = new List<ResultTable>();
        if (IsWanted("hot")) tables.Add(HotBenchmark.Run(options.IsLong));
        if (!Names.Any(n => n != "hot" && IsWanted(n))) return tables;

        var events = EventSet.Create(options.Events);
        var what = string.Create(CultureInfo.InvariantCulture, $"{events.Count:N0} mock events of {events.MeanBytes:0} bytes on average, median of {options.Rounds} rounds.");
        Console.WriteLine(what);
        await using var bench = await Workbench.OpenAsync(events, cancellationToken);
        if (HasTargets) tables.Add(new ResultTable("targets", Result.Head, [.. (await RunTargetsAsync(bench, cancellationToken)).Select(r => r.Cells)], $"{what} In brackets the lowest and the highest."));
        if (IsWanted("compact")) tables.Add(new ResultTable("compact", Result.Head, [.. (await CompactBenchmark.RunAsync(bench, options, cancellationToken)).Select(r => r.Cells)], $"{what} In brackets the lowest and the highest."));
        if (IsWanted("peers")) tables.Add(await PeerBenchmark.RunAsync(bench, options, what, cancellationToken));
        if (IsWanted(Long))
        {
            var result = await RssBenchmark.RunLongAsync(bench, options.RssEvents, options.Rounds, cancellationToken);
            tables.Add(new ResultTable(Long, Result.Head, [result.Cells], "The peak is the highest of the rounds."));
        }

        return tables;
    }

    private async Task<List<Result>> RunTargetsAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        if (IsWanted("ingest")) results.Add(await IngestBenchmark.RunAsync(bench, options, cancellationToken));
        if (IsWanted("drain")) results.AddRange(await DrainBenchmark.RunAsync(bench, options, cancellationToken));
        if (IsWanted("memory")) results.AddRange(await MemoryBenchmark.RunAsync(bench, options, cancellationToken));
        if (IsWanted("rss")) results.Add(await RssBenchmark.RunAsync(bench, options.RssEvents, cancellationToken));
        if (IsWanted("metrics")) results.Add(await MetricsBenchmark.RunAsync(bench, options, cancellationToken));
        return results;
    }

    private bool IsWanted(string name) => names.Length == 0 ? name != Long : names.Contains(name) || names.Contains("all");
}
