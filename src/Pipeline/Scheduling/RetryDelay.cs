namespace Pipeline.Scheduling;

/// <summary>How long to wait before a failed run is tried again: exponentially longer, and as much shorter as runs follow each other faster.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(100);

    /// <param name="attempt">The attempt that failed, 1 for the first.</param>
    /// <param name="interval">The time between two scheduled runs.</param>
    public static TimeSpan After(int attempt, TimeSpan interval)
    {
        var first = Clamp(interval / 10, _shortest, _first);
        var longest = Clamp(interval / 3, first, _longest);
        return Clamp(first * Math.Pow(2, Math.Min(attempt - 1, 20)), first, longest);
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
