using Pipeline.Tests.Load.Scenarios;
using static System.FormattableString;

namespace Pipeline.Tests.Load.Reports;

/// <summary>How a result was judged.</summary>
/// <param name="Missed">What was missed, in words; empty when the scenario passed.</param>
/// <param name="Note">Why other thresholds were taken than the scenario's own, or could have been and were not.</param>
internal sealed record Verdict(IReadOnlyList<string> Missed, string? Note)
{
    /// <summary>A generator that begins its own operations later than this (P99, in ms) cannot judge the finer limits: the machine was busy with something else.</summary>
    public const double MostLateMs = 5;

    /// <summary>Above this share of the machine's cores it was busy with generator and product themselves, which is no excuse.</summary>
    public const double MostOwnCpu = 0.5;

    /// <summary>From this share of the time on, pauses of the garbage collector alone can make the 99th operation of a hundred late; what it collects is the product's.</summary>
    public const double MostPaused = 0.01;

    /// <summary>Share of the offered rate that is asked for where the generator itself was held up.</summary>
    private const double BusyRate = 0.95;

    public bool Passed => Missed.Count == 0;

    /// <summary>
    /// Judges by the scenario's thresholds. On a machine that is busy with something else, as one with other builds on it is, latency says nothing of the product: it counts
    /// from the intended start, so what held up the generator is in every figure. Then, and only when the product cannot be what held it up, MET-27's limits have to do.
    /// </summary>
    public static Verdict Of(Thresholds thresholds, LoadResult result)
    {
        if (result.Lateness is not { } late || late.P99 <= MostLateMs) return new Verdict(thresholds.Judge(result), null);
        var (held, own) = (Invariant($"P99 {late.P99:0.0} ms late"), Invariant($"{result.Own.Cpu:P0} of the cores, {result.Own.Paused:P1} of the time in collection"));
        if (result.Own.Cpu > MostOwnCpu || result.Own.Paused >= MostPaused)
        {
            return new Verdict(thresholds.Judge(result), $"the generator was held up ({held}), by this process itself ({own}): judged by our own limits all the same");
        }

        var required = thresholds with { MinRate = Lower(thresholds.MinRate), P50Ms = Coarser(thresholds.P50Ms, Thresholds.Required.P50Ms), P95Ms = Coarser(thresholds.P95Ms, Thresholds.Required.P95Ms), P99Ms = null };
        return new Verdict(required.Judge(result), $"this machine held up the generator itself ({held}; {own}): judged by MET-27's limits and 95% of the rate instead of ours");
    }

    private static double? Lower(double? rate) => rate is null ? null : Math.Min(rate.Value, BusyRate);

    private static double? Coarser(double? own, double? required) => own is null ? null : required;
}
