using System.Globalization;
using Pipeline.Buffering;

namespace Pipeline.Bench;

/// <summary>JSON in memory → acknowledged by Redis, beside redis-benchmark on the same Redis.</summary>
internal static class IngestBenchmark
{
    private const double Target = 1.0;

    public static async Task<Result> RunAsync(Workbench bench, BenchOptions options, CancellationToken cancellationToken)
    {
        var log = new LogOptions();
        var payload = (int)Math.Round(bench.Events.MeanBytes);
        await bench.ResetAsync(cancellationToken);

        // The pipeline runs for months: what counts is its speed once the JIT compiler is done, what the first seconds cost is said beside.
        var (coldRecords, coldTime) = await bench.IngestAsync(log, cancellationToken);

        var rounds = new Rounds();
        for (var round = 0; round < options.Rounds; round++)
        {
            await bench.ResetAsync(cancellationToken);
            var (records, time) = await bench.IngestAsync(log, cancellationToken);
            await bench.ResetAsync(cancellationToken);
            rounds.Add("ingest", records / time.TotalSeconds, await RedisBenchmark.RunAsync(bench.Port, bench.Events.Count, payload, cancellationToken));
        }

        return new Result(
            "ingest", Text($"{rounds.Measured:N0} events/s (cold: {coldRecords / coldTime.TotalSeconds:N0})"), Text($"redis-benchmark XADD, {payload} B: {rounds.Reference:N0} events/s"),
            Text($"{rounds.Ratio:0.00} ({rounds.Spread})"), Text($"≥ {Target:0.00}"), rounds.Ratio >= Target);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
