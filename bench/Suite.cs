using System.Globalization;

namespace Pipeline.Bench;

/// <summary>Runs the benchmarks that were asked for.</summary>
internal static class Suite
{
    public static IReadOnlyList<string> Names { get; } = ["ingest", "drain", "memory", "rss"];

    public static async Task<IReadOnlyList<Result>> RunAsync(string[] names, BenchOptions options, CancellationToken cancellationToken)
    {
        bool IsWanted(string name) => names.Length == 0 ? name != "rss" : names.Contains(name) || names.Contains("all");

        var events = EventSet.Create(options.Events);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{events.Count:N0} mock events of {events.MeanBytes:0.0} bytes on average."));
        await using var bench = await Workbench.OpenAsync(events, cancellationToken);
        var results = new List<Result>();
        if (IsWanted("ingest")) results.Add(await IngestBenchmark.RunAsync(bench, options, cancellationToken));
        if (IsWanted("drain")) results.AddRange(await DrainBenchmark.RunAsync(bench, options, cancellationToken));
        if (IsWanted("memory")) results.AddRange(await MemoryBenchmark.RunAsync(bench, options, cancellationToken));
        if (IsWanted("rss"))
        {
            // Ten times the events must not need more memory.
            results.Add(await RssBenchmark.RunAsync(bench, options.RssEvents, cancellationToken));
            results.Add(await RssBenchmark.RunAsync(bench, 10 * options.RssEvents, cancellationToken));
        }

        return results;
    }
}
