namespace Pipeline.Buffering;

/// <summary>
/// The position of a source whose messages carry only their own time: the median of the last few, since a single event that is
/// minutes ahead would make the source resume in the future, and skip everything between.
/// </summary>
public sealed class PositionFilter
{
    private const int Window = 15;

    private readonly long[] _last = new long[Window];
    private int _count;

    public void Add(long timeUs) => _last[_count++ % Window] = timeUs;

    /// <summary>Null before the first time.</summary>
    public long? Position
    {
        get
        {
            if (_count == 0) return null;
            Span<long> sorted = stackalloc long[Window];
            var length = Math.Min(_count, Window);
            _last.AsSpan(0, length).CopyTo(sorted);
            sorted[..length].Sort();
            return sorted[(length - 1) / 2];
        }
    }
}
