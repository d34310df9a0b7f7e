using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Bench;

/// <summary>Peak memory of <c>pipeline run</c>, a process of its own, from the first event to the last file.</summary>
internal static class RssBenchmark
{
    private const double LimitMegabytes = 400;
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    public static async Task<Result> RunAsync(Workbench bench, long events, CancellationToken cancellationToken)
    {
        await bench.ResetAsync(cancellationToken);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "run", "--source", "mock", "--window", "5m",
            "--events", events.ToString(CultureInfo.InvariantCulture),
            "--redis", bench.Address, "--lake", Path.Combine(bench.Folder, Text($"rss-lake-{events}")),
        ];
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var (peak, exited) = (0L, process.WaitForExitAsync(cancellationToken));
        while (!exited.IsCompleted)
        {
            peak = Math.Max(peak, ProcessMemory.Peak(process.Id));
            await Task.WhenAny(exited, Task.Delay(_interval, cancellationToken));
        }

        await exited;
        await output;
        if (process.ExitCode != 0) throw new InvalidOperationException($"pipeline run failed: {await error}");
        var megabytes = peak / 1e6;
        Console.WriteLine(Text($"  rss: {megabytes:0} MB"));
        return new Result(
            Text($"rss, {events:N0} events"), Text($"{megabytes:0} MB peak, in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"), null,
            Text($"{megabytes / LimitMegabytes:0.00} of the limit"), Text($"< {LimitMegabytes:0} MB"), megabytes < LimitMegabytes);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
