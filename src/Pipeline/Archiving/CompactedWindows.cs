using System.Globalization;

namespace Pipeline.Archiving;

/// <summary>
/// The windows that a compacted file holds rows of, and how many of each: in its footer, as <c>start in ms:rows</c> with commas between. A window
/// that is written again is recognised by it.
/// </summary>
/// <param name="Rows">Rows by the window's start, in ms since the Unix epoch.</param>
internal sealed record CompactedWindows(IReadOnlyDictionary<long, long> Rows)
{
    public long TotalRows => Rows.Values.Sum();

    public long FirstMs => Rows.Keys.Min();

    public long LastMs => Rows.Keys.Max();

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static CompactedWindows? Parse(string text)
    {
        var rows = new Dictionary<long, long>();
        foreach (var window in text.Split(','))
        {
            if (window.Split(':') is not [var start, var count]) return null;
            if (!long.TryParse(start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)) return null;
            if (!long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !rows.TryAdd(ms, number)) return null;
        }

        return new CompactedWindows(rows);
    }

    public override string ToString() =>
        string.Join(',', Rows.OrderBy(w => w.Key).Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Key}:{w.Value}")));
}
