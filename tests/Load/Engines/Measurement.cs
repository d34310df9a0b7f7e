using System.Diagnostics;
using HdrHistogram;
using Pipeline.Tests.Load.Reports;

namespace Pipeline.Tests.Load.Engines;

/// <summary>Takes down when operations ended and how long they took. Safe for concurrent use.</summary>
internal sealed class Measurement
{
    private const long HighestMicroseconds = 600_000_000;
    private const int Digits = 3;

    private readonly Lock _lock = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly OwnLoad.Reading _own = OwnLoad.Reading.Now();
    private readonly LongHistogram _all = new(HighestMicroseconds, Digits);
    private readonly LongHistogram _late = new(HighestMicroseconds, Digits);
    private readonly LongHistogram _second = new(HighestMicroseconds, Digits);
    private readonly List<Second> _seconds = [];
    private long _failedInSecond;
    private long _begun;
    private long _failed;
    private long _firstEnd;
    private long _lastEnd;
    private string? _firstError;

    /// <summary>When the measurement began (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public long Started => _started;

    /// <summary>An operation was begun, later than it should have been by this, through no fault of the operations before it.</summary>
    public void Begin(TimeSpan late)
    {
        lock (_lock)
        {
            _begun++;
            _late.RecordValue(Microseconds(late));
        }
    }

    /// <summary>An operation has ended.</summary>
    /// <param name="error">Null when it succeeded.</param>
    public void End(TimeSpan latency, Exception? error)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            CloseSeconds((int)Stopwatch.GetElapsedTime(_started, now).TotalSeconds);
            if (_firstEnd == 0) _firstEnd = now;
            _lastEnd = now;
            if (error is not null)
            {
                _failed++;
                _failedInSecond++;
                _firstError ??= $"{error.GetType().Name}: {error.Message}";
                return;
            }

            _all.RecordValue(Microseconds(latency));
            _second.RecordValue(Microseconds(latency));
        }
    }

    /// <param name="during">How long the profile lasts: what ends sooner was still offered over all of it.</param>
    /// <param name="linger">How long the last operations may be held back for others that do not come (<see cref="Scenarios.Scenario"/>).</param>
    /// <param name="tellsLateness">False where somebody else decides when an operation begins.</param>
    public LoadResult Result(string engine, double? offered, TimeSpan during, TimeSpan linger, bool tellsLateness)
    {
        lock (_lock)
        {
            // The second that has only begun would look like a slow one.
            CloseSeconds((int)during.TotalSeconds);
            // From end to end, so that the same latency at both ends does not count as a lower rate; falling behind does.
            var span = Stopwatch.GetElapsedTime(_firstEnd, _lastEnd) - linger;
            return new LoadResult(
                engine, _begun, _all.TotalCount, _failed, offered, span > during ? span : during, Latency.Of(_all), tellsLateness ? Latency.Of(_late) : null, OwnLoad.Since(_own),
                [.. _seconds], _firstError);
        }
    }

    private void CloseSeconds(int until)
    {
        while (_seconds.Count < until)
        {
            _seconds.Add(new Second(_seconds.Count, _second.TotalCount, _failedInSecond, Latency.Of(_second)));
            _second.Reset();
            _failedInSecond = 0;
        }
    }

    private static long Microseconds(TimeSpan time) => Math.Clamp((long)time.TotalMicroseconds, 0, HighestMicroseconds);
}
