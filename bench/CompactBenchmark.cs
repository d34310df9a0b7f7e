using System.Diagnostics;
using System.Globalization;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;
using Pipeline.Archiving.Verifying;
using Pipeline.Buffering;

namespace Pipeline.Bench;

/// <summary>
/// The files of an hour made one, beside DuckDB copying the same files into one, which neither syncs nor reads back what it has written; and what a
/// query gains.
/// </summary>
internal static class CompactBenchmark
{
    private const double SpeedTarget = 0.5;
    private const double SizeLimit = 1.05;

    public static async Task<IReadOnlyList<Result>> RunAsync(Workbench bench, BenchOptions options, CancellationToken cancellationToken)
    {
        var lake = Path.Combine(bench.Folder, "pieces");
        await bench.ResetAsync(cancellationToken);
        await bench.IngestAsync(new LogOptions(), cancellationToken);
        var (rows, _, _) = await bench.DrainAsync(lake, cancellationToken, TimeSpan.FromMinutes(1));
        var folders = HourFolder.Of(LakeFiles.Enumerate(new LakeLayout(lake))).Where(f => f.IsInPieces).ToList();
        var files = folders.Sum(f => f.Files.Count);

        var (speed, size, query) = (new Rounds(), new Rounds(), new Rounds());
        var whole = Path.Combine(bench.Folder, "whole");
        for (var round = 0; round < options.Rounds; round++)
        {
            var (bytes, time) = await MergeAsync(folders, whole, cancellationToken);
            using var duck = new DuckReference(bench.Folder);
            var (duckBytes, duckTime) = duck.Merge(folders.Select(f => f.Files.Select(file => file.FullPath)));
            speed.Add("compact", rows / time.TotalSeconds, rows / duckTime.TotalSeconds);
            size.Add("size", bytes, duckBytes);
            _ = duck.Time(Query(lake));
            query.Add("query", duck.Time(Query(whole)).TotalMilliseconds, duck.Time(Query(lake)).TotalMilliseconds);
            Directory.Delete(whole, recursive: true);
        }

        return
        [
            new Result(
                "compact", Text($"{speed.Measured:N0} rows/s, synced and read back"), Text($"DuckDB, COPY of the same files: {speed.Reference:N0} rows/s"),
                Text($"{speed.Ratio:0.00} ({speed.Spread})"), Text($"≥ {SpeedTarget:0.00}"), speed.Ratio >= SpeedTarget),
            new Result(
                "compacted size", Text($"{size.Measured / rows:0.0} B/row"), Text($"DuckDB's copy: {size.Reference / rows:0.0} B/row"), Text($"{size.Ratio:0.000}"), Text($"≤ {SizeLimit:0.00}"), size.Ratio <= SizeLimit),
            new Result(
                "query, compacted", Text($"{query.Measured:0} ms, {folders.Count} files"), Text($"{files} files of a minute: {query.Reference:0} ms"),
                Text($"{query.Ratio:0.00} ({query.Spread})"), "≤ 1.00", query.Ratio <= 1),
        ];
    }

    private static async Task<(long Bytes, TimeSpan Time)> MergeAsync(List<HourFolder> folders, string lake, CancellationToken cancellationToken)
    {
        var options = new LakeOptions { Path = lake };
        var layout = new LakeLayout(lake);
        using var staging = StagingArea.Open(layout);
        using var merge = new FileMerge(options, staging);
        var (bytes, started) = (0L, Stopwatch.GetTimestamp());
        foreach (var folder in folders)
        {
            var merged = await merge.RunAsync(folder.Files, cancellationToken);
            bytes += merged.Bytes;
            Directory.CreateDirectory(Path.GetDirectoryName(layout.Full(merged.Name.RelativePath))!);
            File.Move(merged.TemporaryPath, layout.Full(merged.Name.RelativePath));
        }

        return (bytes, Stopwatch.GetElapsedTime(started));
    }

    private static string Query(string lake) =>
        $"SELECT operation, count(*), count(DISTINCT did) FROM read_parquet('{lake}/year=*/**/type=*/*.parquet', union_by_name = true) GROUP BY operation";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
