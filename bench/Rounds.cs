using System.Globalization;

namespace Pipeline.Bench;

/// <summary>The figures of several rounds, each of which measured the pipeline and its reference in turn.</summary>
internal sealed class Rounds
{
    private readonly List<(double Measured, double Reference)> _rounds = [];

    public double Measured => Median(_rounds.Select(r => r.Measured));

    public double Reference => Median(_rounds.Select(r => r.Reference));

    /// <summary>The median of the rounds' ratios: what disturbs a round disturbs both its halves.</summary>
    public double Ratio => Median(_rounds.Select(r => r.Measured / r.Reference));

    public string Spread => string.Create(
        CultureInfo.InvariantCulture, $"{_rounds.Min(r => r.Measured / r.Reference):0.00}–{_rounds.Max(r => r.Measured / r.Reference):0.00}");

    public void Add(string name, double measured, double reference)
    {
        _rounds.Add((measured, reference));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name} round {_rounds.Count}: {measured:N1} against {reference:N1}, ratio {measured / reference:0.000}"));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
