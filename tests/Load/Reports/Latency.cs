using HdrHistogram;

namespace Pipeline.Tests.Load.Reports;

/// <summary>Percentiles of a latency, in milliseconds.</summary>
public sealed record Latency(double P50, double P95, double P99, double P999, double Max, double Mean)
{
    private const double MicrosecondsPerMs = 1000;

    public static Latency Of(HistogramBase microseconds) => microseconds.TotalCount == 0
        ? new(0, 0, 0, 0, 0, 0)
        : new(At(microseconds, 50), At(microseconds, 95), At(microseconds, 99), At(microseconds, 99.9), microseconds.GetMaxValue() / MicrosecondsPerMs, microseconds.GetMean() / MicrosecondsPerMs);

    private static double At(HistogramBase microseconds, double percentile) => microseconds.GetValueAtPercentile(percentile) / MicrosecondsPerMs;
}
