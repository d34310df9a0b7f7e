namespace Pipeline.Tests.Load.Reports;

/// <summary>When a spike is forgotten.</summary>
internal static class Recovery
{
    /// <summary>
    /// Whole seconds after the spike until the median is again no more than twice what it was before, from then on to the end. A second in which nothing
    /// succeeded has no median: it is as far from recovered as can be.
    /// </summary>
    /// <param name="before">Seconds before the spike.</param>
    /// <param name="spike">Seconds that it lasts.</param>
    public static int SecondsAfter(IReadOnlyList<Second> seconds, int before, int spike)
    {
        var usual = seconds.Take(before).Select(s => s.Latency.P50).Order().ElementAt(before / 2);
        return seconds.Skip(before + spike).ToList().FindLastIndex(s => s.Ok == 0 || s.Latency.P50 > 2 * usual) + 1;
    }
}
