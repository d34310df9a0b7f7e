namespace Pipeline.Tests.Load.Scenarios;

/// <summary>
/// When operations begin: an open model, in which they begin on time whether or not earlier ones have ended, as the firehose does. A closed
/// one has <see cref="Callers"/> instead, each of which begins its next operation when its last has ended.
/// </summary>
public sealed record RateProfile(IReadOnlyList<RatePhase> Phases, int? Callers = null)
{
    // Counted when asked: a copy with other phases (`with`) would keep a stored value.
    public TimeSpan During => TimeSpan.FromTicks(Phases.Sum(p => p.During.Ticks));

    /// <summary>How many operations an open model begins.</summary>
    public long Operations => Phases.Sum(p => (long)Math.Round(p.PerSecond * p.During.TotalSeconds));

    public static RateProfile Steady(double perSecond, TimeSpan during) => new([new RatePhase(perSecond, during)]);

    /// <summary>As fast as this many callers can, each waiting for its answer.</summary>
    public static RateProfile Closed(int callers, TimeSpan during) => new([new RatePhase(0, during)], callers);

    /// <summary>The moments, in seconds from the start, at which the operations begin.</summary>
    public IEnumerable<double> Starts()
    {
        var begin = 0.0;
        foreach (var phase in Phases)
        {
            var count = (long)Math.Round(phase.PerSecond * phase.During.TotalSeconds);
            for (var i = 0L; i < count; i++) yield return begin + i / phase.PerSecond;
            begin += phase.During.TotalSeconds;
        }
    }
}
