using System.Globalization;
using Pipeline.Buffering;

namespace Pipeline.Bench;

/// <summary>Redis memory per event in the log, with no writer.</summary>
internal static class MemoryBenchmark
{
    private const double Limit = 190;
    private const double Aim = 170;

    // The mock's mean rate: what fits into the default linger of 200 ms when events come as they do live.
    private const int LiveBatchEvents = 343 / 5;

    public static async Task<IReadOnlyList<Result>> RunAsync(Workbench bench, BenchOptions options, CancellationToken cancellationToken) =>
    [
        await MeasureAsync(bench, "memory", new LogOptions { Ballast = 0 }, options, cancellationToken),
        await MeasureAsync(bench, "memory, batches as at 343 events/s", new LogOptions { BatchEvents = LiveBatchEvents, Ballast = 0 }, options, cancellationToken),
    ];

    private static async Task<Result> MeasureAsync(
        Workbench bench, string name, LogOptions log, BenchOptions options, CancellationToken cancellationToken)
    {
        var rounds = new Rounds();
        for (var round = 0; round < options.Rounds; round++)
        {
            await bench.ResetAsync(cancellationToken);
            var before = await bench.UsedMemoryAsync(cancellationToken);
            var (records, _) = await bench.IngestAsync(log, cancellationToken);
            rounds.Add(name, (await bench.UsedMemoryAsync(cancellationToken) - before) / (double)records, bench.Events.MeanBytes);
        }

        return new Result(
            name, Text($"{rounds.Measured:0.0} B/event in Redis"), Text($"its JSON: {rounds.Reference:0} B"), Text($"{rounds.Ratio:0.00}"), Text($"≤ {Limit:0} B, aim {Aim:0}"), rounds.Measured <= Limit);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
