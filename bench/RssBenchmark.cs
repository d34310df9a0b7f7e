using System.Globalization;

namespace Pipeline.Bench;

/// <summary>Peak memory of <c>pipeline run</c>.</summary>
internal static class RssBenchmark
{
    private const double LimitMegabytes = 400;

    public static async Task<Result> RunAsync(Workbench bench, long events, CancellationToken cancellationToken)
    {
        await bench.ResetAsync(cancellationToken);
        var run = await PipelineProcess.RunAsync(bench, events, "127.0.0.1:0", null, cancellationToken);
        var megabytes = run.PeakBytes / 1e6;
        Console.WriteLine(Text($"  rss: {megabytes:0} MB"));
        return new Result(
            Text($"rss, {events:N0} events"), Text($"{megabytes:0} MB peak, in {run.Elapsed.TotalSeconds:0} s"), null,
            Text($"{megabytes / LimitMegabytes:0.00} of the limit"), Text($"< {LimitMegabytes:0} MB"), megabytes < LimitMegabytes);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
