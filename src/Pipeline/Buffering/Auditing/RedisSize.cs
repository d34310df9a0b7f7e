using System.Globalization;

namespace Pipeline.Buffering.Auditing;

/// <summary>Sizes as redis.conf writes them: <c>1k</c> is 1000 bytes, <c>1kb</c> is 1024.</summary>
internal static class RedisSize
{
    private static readonly (string Unit, long Bytes)[] _units =
        [("gb", 1L << 30), ("mb", 1L << 20), ("kb", 1L << 10), ("g", 1_000_000_000), ("m", 1_000_000), ("k", 1000), ("b", 1)];

    /// <summary>Writes a value the way it compares: sizes in bytes, words in small letters.</summary>
    public static string Normalise(string value)
    {
        var text = value.Trim().ToLowerInvariant();
        foreach (var (unit, bytes) in _units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && long.TryParse(text.AsSpan(..^unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / bytes)
            {
                return (number * bytes).ToString(CultureInfo.InvariantCulture);
            }
        }

        return text;
    }

    /// <summary>Shortens a number of bytes without rounding it: <c>2gb</c>, but <c>2147483647</c>.</summary>
    public static string Shorten(string value)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes == 0) return value;
        var unit = _units.Take(3).FirstOrDefault(u => bytes % u.Bytes == 0);
        return unit.Unit is null ? value : $"{bytes / unit.Bytes}{unit.Unit}";
    }
}
