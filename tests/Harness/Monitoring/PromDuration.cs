using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>Durations as Prometheus writes them: <c>1h30m</c>, <c>15s</c>, <c>500ms</c>.</summary>
public static partial class PromDuration
{
    /// <exception cref="FormatException"/>
    public static TimeSpan Parse(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        var whole = Whole().Match(text);
        if (text.Length == 0 || !whole.Success) throw new FormatException($"'{text}' is no duration of Prometheus: write it as 1h30m, 15s or 500ms.");
        return whole.Groups["part"].Captures.Aggregate(TimeSpan.Zero, (sum, part) =>
        {
            var unit = part.Value.TrimStart("0123456789".ToCharArray());
            return sum + (Unit(unit) * long.Parse(part.Value[..^unit.Length], CultureInfo.InvariantCulture));
        });
    }

    private static TimeSpan Unit(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        "d" => TimeSpan.FromDays(1),
        "w" => TimeSpan.FromDays(7),
        _ => TimeSpan.FromDays(365),
    };

    [GeneratedRegex("^(?<part>[0-9]+(?:ms|s|m|h|d|w|y))+$")]
    private static partial Regex Whole();
}
