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
    private int _next;

    public void Add(long timeUs)
    {
        _last[_next] = timeUs;
        _next = (_next + 1) % Window;
        if (_count < Window) _count++;
    }

    /// <summary>Null before the first time.</summary>
    public long? Position
    {
        get
        {
            if (_count == 0) return null;
            Span<long> sorted = stackalloc long[Window];
            _last.AsSpan(0, _count).CopyTo(sorted);
            sorted[.._count].Sort();
            return sorted[(_count - 1) / 2];
        }
    }
}
