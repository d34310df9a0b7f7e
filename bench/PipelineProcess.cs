using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Bench;

/// <summary>
/// <c>pipeline run</c> as a process of its own, from the first mock event to the last file, and what it took. It writes every ten seconds, so that reading
/// and writing go on at once where there are millions of events.
/// </summary>
/// <param name="PeakBytes">Its highest resident set.</param>
/// <param name="Processor">User and system time.</param>
internal sealed record PipelineProcess(long PeakBytes, TimeSpan Processor, TimeSpan Elapsed)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(50);

    /// <param name="listen">Where it listens.</param>
    /// <param name="meanwhile">Called again and again while it runs; null for nothing.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<PipelineProcess> RunAsync(Workbench bench, long events, string listen, Func<Task>? meanwhile, CancellationToken cancellationToken)
    {
        var lake = Path.Combine(bench.Folder, $"process-lake-{Guid.NewGuid():N}");
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "run", "--source", "mock", "--window", "5m", "--events", events.ToString(CultureInfo.InvariantCulture),
            "--redis", bench.Address, "--lake", lake, "--listen", listen, "--schedule", "10s",
        ];
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var (peak, processor, exited) = (0L, TimeSpan.Zero, process.WaitForExitAsync(cancellationToken));
        while (!exited.IsCompleted)
        {
            // What a process took is gone with it: the last look counts.
            peak = Math.Max(peak, ProcessMemory.Peak(process.Id));
            processor = ProcessorTime(process) ?? processor;
            if (meanwhile is not null) await meanwhile();
            await Task.WhenAny(exited, Task.Delay(_interval, cancellationToken));
        }

        await exited;
        await output;
        if (process.ExitCode != 0) throw new InvalidOperationException($"pipeline run failed: {await error}");
        var elapsed = Stopwatch.GetElapsedTime(started);
        Directory.Delete(lake, recursive: true);
        return new PipelineProcess(peak, processor, elapsed);
    }

    private static TimeSpan? ProcessorTime(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
