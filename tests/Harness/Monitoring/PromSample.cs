using System.Globalization;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>One value of a query.</summary>
/// <param name="Labels">With <c>__name__</c> where the expression leaves it.</param>
/// <param name="Text">The value as Prometheus writes it.</param>
public sealed record PromSample(IReadOnlyDictionary<string, string> Labels, string Text)
{
    public double Value => Text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(Text, CultureInfo.InvariantCulture),
    };

    public override string ToString() => $"{{{string.Join(", ", Labels.Select(l => $"{l.Key}=\"{l.Value}\""))}}} {Text}";
}
