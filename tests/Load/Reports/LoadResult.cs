using System.Globalization;

namespace Pipeline.Tests.Load.Reports;

/// <summary>What came of a scenario.</summary>
/// <param name="Engine">Which engine ran it.</param>
/// <param name="Begun">Operations begun.</param>
/// <param name="Offered">Operations per second that were to begin; null for a closed model.</param>
/// <param name="Elapsed">From the first end to the last, less the linger that the last had to wait for, and at least as long as the profile.</param>
/// <param name="Latency">From the moment at which an operation was to begin, so that a stall counts for all that it held up.</param>
/// <param name="Lateness">How late the generator itself began operations, what their steps took of its time apart; null where the engine does not tell.</param>
public sealed record LoadResult(
    string Engine, long Begun, long Ok, long Failed, double? Offered, TimeSpan Elapsed, Latency Latency, Latency? Lateness, OwnLoad Own, IReadOnlyList<Second> Seconds, string? FirstError)
{
    /// <summary>Operations that succeeded, per second.</summary>
    public double Rate => Ok / Elapsed.TotalSeconds;

    /// <summary>The rate of the last third over that of the first, by whole seconds; 1 when there are too few.</summary>
    public double Drift
    {
        get
        {
            var third = Seconds.Count / 3;
            if (third == 0) return 1;
            var first = Seconds.Take(third).Sum(s => s.Ok);
            return first == 0 ? 0 : (double)Seconds.TakeLast(third).Sum(s => s.Ok) / first;
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Ok:N0} ok, {Failed:N0} failed, {Rate:N0}/s{(Offered is { } offered ? $" of {offered:N0}/s offered" : "")}; P50 {Latency.P50:0.00}, P95 {Latency.P95:0.00}, P99 {Latency.P99:0.00}, max {Latency.Max:0.0} ms" +
        $"{(Lateness is { } late ? $"; generator late by P99 {late.P99:0.00} ms" : "")} ({Engine})");
}
