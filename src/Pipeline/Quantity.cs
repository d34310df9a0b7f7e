using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline;

/// <summary>Durations and sizes as people type and read them.</summary>
internal static partial class Quantity
{
    /// <summary>Reads 250ms, 30s, 5m, 1h, 1d or hh:mm:ss.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        var match = Duration().Match(text);
        if (!match.Success) return TimeSpan.TryParseExact(text, ["c", @"h\:mm\:ss"], CultureInfo.InvariantCulture, out duration) && text.Contains(':', StringComparison.Ordinal);
        var value = double.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture);
        var milliseconds = value * match.Groups["unit"].Value switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => 1000 };
        duration = milliseconds < 1e12 ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.MaxValue;
        return match.Groups["unit"].Success || value == 0;
    }

    /// <summary>Reads 65536, 256KiB, 1MiB or 2GiB.</summary>
    public static bool TryParseBytes(string text, out long bytes)
    {
        bytes = 0;
        var match = Size().Match(text);
        if (!match.Success || !long.TryParse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        var factor = match.Groups["unit"].Value switch { "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => 1L };
        if (value > long.MaxValue / factor) return false;
        bytes = value * factor;
        return true;
    }

    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalMilliseconds: < 1000 and > 0 } => Number(duration.TotalMilliseconds, "ms"),
        { TotalSeconds: < 60 } => Number(duration.TotalSeconds, "s"),
        { TotalMinutes: < 60 } => Number(duration.TotalMinutes, "m"),
        { TotalHours: < 24 } => Number(duration.TotalHours, "h"),
        _ => Number(duration.TotalDays, "d"),
    };

    /// <summary>Writes a size with three digits: 12.3 MB.</summary>
    public static string FormatBytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var unit = 0;
        for (; bytes >= 999.5 && unit < units.Length - 1; unit++) bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(unit == 0 || bytes >= 99.5 ? "0" : "0.#", CultureInfo.InvariantCulture)} {units[unit]}");
    }

    private static string Number(double value, string unit) => value.ToString("0.##", CultureInfo.InvariantCulture) + unit;

    [GeneratedRegex(@"^(?<n>\d+(\.\d+)?)(?<unit>ms|s|m|h|d)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^(?<n>\d+)(?<unit>KiB|MiB|GiB|B)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
