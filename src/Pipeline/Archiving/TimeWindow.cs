using System.Globalization;

namespace Pipeline.Archiving;

/// <summary>A half-open span <c>[start, end)</c> of log time, in ms since the Unix epoch.</summary>
public readonly record struct TimeWindow(long StartMs, long EndMs)
{
    /// <summary>The window that a moment falls into. Windows are aligned to the epoch, so to the hour.</summary>
    public static TimeWindow Containing(long ms, TimeSpan length)
    {
        var span = (long)length.TotalMilliseconds;
        var start = ms - (((ms % span) + span) % span);
        return new TimeWindow(start, start + span);
    }

    public bool Contains(long ms) => ms >= StartMs && ms < EndMs;

    /// <summary>The start as it stands in file names: <c>20260704T140500Z</c>.</summary>
    public string Name => DateTimeOffset.FromUnixTimeMilliseconds(StartMs).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public override string ToString() => $"{Name} + {TimeSpan.FromMilliseconds(EndMs - StartMs)}";
}
