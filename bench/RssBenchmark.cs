using System.Globalization;

namespace Pipeline.Bench;

/// <summary>Peak memory of <c>pipeline run</c>.</summary>
internal static class RssBenchmark
{
    private const double LimitMegabytes = 400;

    // Two runs of the same number of events differ by about this much.
    private const double Noise = 0.05;

    /// <summary>Beside the limit.</summary>
    public static async Task<Result> RunAsync(Workbench bench, long events, CancellationToken cancellationToken)
    {
        var (megabytes, elapsed) = await MeasureAsync(bench, events, cancellationToken);
        return new Result(
            Text($"rss, {events:N0} events"), Text($"{megabytes:0} MB peak, in {elapsed.TotalSeconds:0} s"), null,
            Text($"{megabytes / LimitMegabytes:0.00} of the limit"), Text($"< {LimitMegabytes:0} MB"), megabytes < LimitMegabytes);
    }

    /// <summary>Ten times the events beside as many as they are, the highest of a few rounds: they must not need more.</summary>
    public static async Task<Result> RunLongAsync(Workbench bench, long events, int rounds, CancellationToken cancellationToken)
    {
        var few = 0.0;
        for (var round = 0; round < rounds; round++) few = Math.Max(few, (await MeasureAsync(bench, events, cancellationToken)).Megabytes);
        var (many, elapsed) = await MeasureAsync(bench, 10 * events, cancellationToken);
        return new Result(
            Text($"rss, {10 * events:N0} events"), Text($"{many:0} MB peak, in {elapsed.TotalSeconds:0} s"), Text($"{events:N0} events, {rounds} rounds: {few:0} MB peak"),
            Text($"{many / few:0.00}"), Text($"≤ {1 + Noise:0.00}, < {LimitMegabytes:0} MB"), many / few <= 1 + Noise && many < LimitMegabytes);
    }

    private static async Task<(double Megabytes, TimeSpan Elapsed)> MeasureAsync(Workbench bench, long events, CancellationToken cancellationToken)
    {
        await bench.ResetAsync(cancellationToken);
        var run = await PipelineProcess.RunAsync(bench, events, "127.0.0.1:0", null, cancellationToken);
        var megabytes = run.PeakBytes / 1e6;
        Console.WriteLine(Text($"  rss, {events:N0} events: {megabytes:0} MB"));
        return (megabytes, run.Elapsed);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
