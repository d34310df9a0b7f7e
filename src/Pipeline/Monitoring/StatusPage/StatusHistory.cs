namespace Pipeline.Monitoring.StatusPage;

/// <summary>
/// The last minutes, in a ring of fixed size. Readings may come at any distance: what the counters grew by is spread evenly over the time between, and a pause of
/// the process leaves a hole, not a line that nobody saw.
/// </summary>
/// <param name="types">How many types events are counted by.</param>
internal sealed class StatusHistory(int types)
{
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private static readonly int _points = (int)(Span / Step);

    private readonly Point?[] _ring = new Point?[_points];
    private readonly Queue<StatusReading> _recent = new();
    private StatusReading? _opened;
    private StatusReading? _last;

    public void Add(StatusReading reading)
    {
        if (_last is { } before && reading.Time <= before.Time)
        {
            if (before.Time - reading.Time <= Step) return;
            // The clock was set back: times after it would be told twice.
            Forget();
        }

        if (_last is { } last && SlotOf(last) != SlotOf(reading))
        {
            if (reading.Time - last.Time <= 2 * Step) Close(last, reading);
            _opened = reading;
        }

        _opened ??= reading;
        _last = reading;
        _recent.Enqueue(reading);
        while (reading.Time - _recent.Peek().Time > Step) _recent.Dequeue();
    }

    /// <summary>Every point that is complete.</summary>
    public StatusChart ToChart()
    {
        var end = _last is null ? 0 : SlotOf(_last);
        var points = Enumerable.Range(0, _points).Select(i => end - _points + i).Select(slot => PointAt(slot)).ToList();
        return new StatusChart(
            DateTimeOffset.UnixEpoch + ((end - _points) * Step),
            Step.TotalSeconds,
            [.. Enumerable.Range(0, types).Select(type => points.Select(p => p?.Rates[type]).ToArray())],
            [.. points.Select(p => p?.Waiting)],
            [.. points.Select(p => p?.Memory)],
            _recent.Count < 2 ? new double[types] : Rates(_recent.Peek(), _last!));
    }

    private static long SlotOf(StatusReading reading) => reading.Time.ToUnixTimeMilliseconds() / (long)Step.TotalMilliseconds;

    private static double[] Rates(StatusReading from, StatusReading to)
    {
        var seconds = (to.Time - from.Time).TotalSeconds;
        return [.. to.Source.Appended.Zip(from.Source.Appended, (after, before) => Math.Round(Math.Max(0, after - before) / seconds, 1))];
    }

    private Point? PointAt(long slot) => _ring[(int)(((slot % _points) + _points) % _points)] is { } point && point.Slot == slot ? point : null;

    private void Close(StatusReading last, StatusReading next)
    {
        var rates = Rates(_opened!, next);
        var buffer = last.Buffer is { Up: true } up ? up : null;
        for (var slot = SlotOf(last); slot < SlotOf(next); slot++)
        {
            _ring[(int)(slot % _points)] = new Point(slot, rates, buffer?.Events, buffer?.MemoryUsed);
        }
    }

    private void Forget()
    {
        Array.Clear(_ring);
        _recent.Clear();
        (_opened, _last) = (null, null);
    }

    private sealed record Point(long Slot, double[] Rates, long? Waiting, long? Memory);
}
