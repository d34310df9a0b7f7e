using System.Globalization;
using Pipeline.Buffering;

namespace Pipeline.Bench;

/// <summary>Log → committed Parquet, beside DuckDB turning a file of the same events into Parquet; and the size of the result.</summary>
internal static class DrainBenchmark
{
    private const double SpeedTarget = 0.5;
    private const double SpeedAim = 1;
    private const double SizeLimit = 1.05;

    public static async Task<IReadOnlyList<Result>> RunAsync(Workbench bench, BenchOptions options, CancellationToken cancellationToken)
    {
        var json = Path.Combine(bench.Folder, "events.ndjson");
        var archived = bench.Events.WriteArchived(json);
        var cold = await DrainAsync(bench, cancellationToken);

        var (speed, size) = (new Rounds(), new Rounds());
        for (var round = 0; round < options.Rounds; round++)
        {
            var (rows, bytes, time, lake) = await DrainAsync(bench, cancellationToken);
            using var duck = new DuckReference(bench.Folder);
            var (duckRows, duckTime) = duck.Convert(json);
            if (rows != archived || duckRows != archived) throw new InvalidOperationException($"Of {archived} events the pipeline wrote {rows}, DuckDB {duckRows}.");
            speed.Add("drain", rows / time.TotalSeconds, archived / duckTime.TotalSeconds);
            size.Add("size", bytes / (double)rows, duck.Reencode(lake) / (double)rows);
            Directory.Delete(lake, recursive: true);
        }

        return
        [
            new Result(
                "drain", Text($"{speed.Measured:N0} events/s (cold: {cold.Rows / cold.Time.TotalSeconds:N0})"), Text($"DuckDB, NDJSON to Parquet: {speed.Reference:N0} events/s"),
                Text($"{speed.Ratio:0.00} ({speed.Spread})"), Text($"≥ {SpeedTarget:0.00}, aim {SpeedAim:0.00}"), speed.Ratio >= SpeedTarget),
            new Result(
                "parquet size", Text($"{size.Measured:0.0} B/event"), Text($"DuckDB, the same files: {size.Reference:0.0} B/event"),
                Text($"{size.Ratio:0.000}"), Text($"≤ {SizeLimit:0.00}"), size.Ratio <= SizeLimit),
        ];
    }

    private static async Task<(long Rows, long Bytes, TimeSpan Time, string Lake)> DrainAsync(
        Workbench bench, CancellationToken cancellationToken)
    {
        var lake = Path.Combine(bench.Folder, "lake");
        if (Directory.Exists(lake)) Directory.Delete(lake, recursive: true);
        await bench.ResetAsync(cancellationToken);
        await bench.IngestAsync(new LogOptions(), cancellationToken);
        var (rows, bytes, time) = await bench.DrainAsync(lake, cancellationToken);
        return (rows, bytes, time, lake);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
