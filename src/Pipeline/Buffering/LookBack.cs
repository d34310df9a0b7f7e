namespace Pipeline.Buffering;

/// <summary>How far back a source may send again what it has sent.</summary>
internal static class LookBack
{
    /// <summary>
    /// Where the look-back begins, in ms since the Unix epoch. Log time may run ahead of a source's position; what the source may send again counts
    /// from there.
    /// </summary>
    /// <param name="logMs">How far the log has got.</param>
    /// <param name="positionMs">The source's position, where it is a time.</param>
    public static long From(long logMs, long? positionMs, TimeSpan length) => Math.Min(logMs, positionMs ?? long.MaxValue) - (long)length.TotalMilliseconds;
}
