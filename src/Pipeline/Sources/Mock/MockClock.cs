namespace Pipeline.Sources.Mock;

/// <summary>The log's times. Rates up to a million events a second keep every rev unique.</summary>
internal sealed class MockClock(ulong seed, DateTimeOffset start, int eventsPerSecond)
{
    /// <summary>The furthest that <see cref="Arrival"/> strays from <see cref="Nominal"/>.</summary>
    public const int MaxStrayMicros = 38_000;

    private const int RevsApart = 1 << 15;
    private readonly long _start = start.UtcTicks / TimeSpan.TicksPerMicrosecond - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;
    private readonly int _salt = (int)(seed & (RevsApart - 1));
    private readonly double _lagSpread = Math.Min(900_000, RevsApart / 4 * 1e6 / eventsPerSecond);

    /// <summary>Microseconds since the Unix epoch, evenly spaced.</summary>
    public long Nominal(long index) =>
        _start + (index / eventsPerSecond * 1_000_000) + (index % eventsPerSecond * 1_000_000 / eventsPerSecond);

    /// <summary><c>time_us</c>: some milliseconds after the nominal time, so that neighbours change places.</summary>
    public long Arrival(long index, MockRandom random) =>
        Nominal(index) + random.Below(8_000) + (random.Chance(0.04) ? random.Below(30_000) : 0);

    /// <summary>
    /// The commit's rev, half a second to two before it arrives. Its lowest 15 bits are a permutation of the index's, and the lag
    /// varies by less than 32,768 events take: so no two commits have the same.
    /// </summary>
    public Tid Rev(long index, MockRandom random)
    {
        var fraction = random.Fraction();
        var micros = Nominal(index) - 400_000 - (long)(_lagSpread * fraction * fraction);
        var unique = Scatter((int)(index & (RevsApart - 1)));
        return new Tid((micros & ~1023L) | (uint)(unique & 1023), unique >> 10);
    }

    // One to one on 15 bits: odd factors, xor with a shifted self, and a salt.
    private int Scatter(int value)
    {
        value = ((value * 0x6D35) + _salt) & (RevsApart - 1);
        value ^= value >> 8;
        value = (value * 0x2F1B) & (RevsApart - 1);
        return value ^ (value >> 7);
    }
}
