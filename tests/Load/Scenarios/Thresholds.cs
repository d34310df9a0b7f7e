using Pipeline.Tests.Load.Reports;
using static System.FormattableString;

namespace Pipeline.Tests.Load.Scenarios;

/// <summary>What a result is judged by; null = not judged. The defaults are those of every scenario: nothing fails, the rate is reached and held.</summary>
/// <param name="MinRate">Share of the offered rate that must be achieved.</param>
/// <param name="MinDrift">Rate of the last third over that of the first.</param>
/// <param name="P50Ms">Most that the median may take, in ms.</param>
public sealed record Thresholds(double? MinRate = 0.99, double? MinDrift = 0.97, double? P50Ms = null, double? P95Ms = null, double? P99Ms = null)
{
    /// <summary>MET-27's limits, which hold on any machine.</summary>
    public static Thresholds Required { get; } = new(P50Ms: 10, P95Ms: 50);

    /// <summary>What is missed, in words; empty when all is well.</summary>
    public IReadOnlyList<string> Judge(LoadResult result)
    {
        var missed = new List<string>();
        if (result.Failed > 0) missed.Add(Invariant($"{result.Failed:N0} of {result.Begun:N0} operations failed, the first with: {result.FirstError}"));
        if (result.Offered is { } offered && MinRate is { } rate && result.Rate < rate * offered)
        {
            missed.Add(Invariant($"{result.Rate:N0}/s were achieved, below {rate:P0} of the {offered:N0}/s offered"));
        }

        if (MinDrift is { } drift && result.Drift < drift) missed.Add(Invariant($"the last third ran at {result.Drift:P1} of the first third's rate, below {drift:P0}"));
        Compare("P50", result.Latency.P50, P50Ms);
        Compare("P95", result.Latency.P95, P95Ms);
        Compare("P99", result.Latency.P99, P99Ms);
        return missed;

        void Compare(string name, double value, double? limit)
        {
            if (value > limit) missed.Add(Invariant($"{name} was {value:0.00} ms, above {limit:0.##} ms"));
        }
    }
}
