using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Pipeline.Bench.Hot;

/// <summary>Runs <see cref="HotPaths"/> with BenchmarkDotNet.</summary>
internal static class HotBenchmark
{
    private static readonly string[] _head = ["work on one event", "ns", "lowest–highest", "events/s on one core", "allocated, B"];

    /// <param name="isLong">BenchmarkDotNet's own number of rounds instead of seven short ones.</param>
    public static ResultTable Run(bool isLong)
    {
        // In this process, which has the settings of the product's: BenchmarkDotNet's own programs would be built without them.
        var job = (isLong ? Job.Default : Job.Default.WithWarmupCount(8).WithIterationCount(7).WithIterationTime(TimeInterval.FromMilliseconds(250))).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job).AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance).AddExporter(MarkdownExporter.GitHub).AddLogger(new HeadingLogger())
            .WithArtifactsPath(Path.GetFullPath("artifacts/bench"));
        var summary = BenchmarkRunner.Run<HotPaths>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(r => !r.Success)) throw new InvalidOperationException("BenchmarkDotNet could not measure the hot paths; its log is in artifacts/bench.");
        return new ResultTable("hot", _head, [.. summary.Reports.OrderBy(r => r.BenchmarkCase.Descriptor.MethodIndex).Select(Row)], $"BenchmarkDotNet {typeof(BenchmarkRunner).Assembly.GetName().Version?.ToString(3)}, {(isLong ? "its default job" : "7 rounds of 250 ms")}, the median; one thread.");
    }

    private static string[] Row(BenchmarkReport report)
    {
        var statistics = report.ResultStatistics!;
        return
        [
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''), Text($"{statistics.Median:0}"), Text($"{statistics.Min:0}–{statistics.Max:0}"), Text($"{1e9 / statistics.Median:N0}"),
            Text($"{report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0:0}"),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
