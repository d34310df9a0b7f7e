namespace Pipeline.Sources.Mock;

/// <summary>SplitMix64: one word of state, cheap to reseed for every block, and the same on every runtime (System.Random is not).</summary>
internal sealed class MockRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>A well-scattered function of <paramref name="value"/>; one to one.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>The <paramref name="index"/>th value derived from <paramref name="value"/>.</summary>
    public static ulong Derive(ulong value, ulong index) => Mix(value + ((index + 1) * Golden));

    /// <summary>A hash as a number from 0 to 1, 1 excluded.</summary>
    public static double Fraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    public void Reseed(ulong seed) => _state = seed;

    public ulong Next() => Mix(_state += Golden);

    /// <summary>From 0 to <paramref name="limit"/>, excluded.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public double Fraction() => Fraction(Next());

    public bool Chance(double probability) => Fraction() < probability;

    public T Pick<T>(T[] values) => values[Below(values.Length)];

    /// <summary>As <see cref="Pick"/>, the earlier ones far more often.</summary>
    public T PickEarly<T>(T[] values)
    {
        var fraction = Fraction();
        return values[(int)(values.Length * fraction * fraction * fraction)];
    }
}
