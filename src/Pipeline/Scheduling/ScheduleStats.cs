using System.Collections.Concurrent;

namespace Pipeline.Scheduling;

/// <summary>What a program's schedule has done and is about to do, for metrics and displays. Safe to read from any thread.</summary>
internal sealed class ScheduleStats
{
    private readonly ConcurrentDictionary<RunOutcome, long> _runs = new();
    private long _missed;
    private long _overlaps;
    private long _retries;
    private long _lastSuccess;
    private long _next;
    private long _running;
    private long _paused;
    private long _interval;
    private int _isKept = 1;

    /// <summary>Called with every run that is over.</summary>
    public event Action<RunRecord>? RunEnded;

    /// <summary>Scheduled times that passed while nobody could run.</summary>
    public long Missed => Volatile.Read(ref _missed);

    /// <summary>Scheduled times that passed while the run before was still at it.</summary>
    public long Overlaps => Volatile.Read(ref _overlaps);

    /// <summary>Attempts beyond the first.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>When the last run ended that did what it was there for.</summary>
    public DateTimeOffset? LastSuccess => Time(ref _lastSuccess);

    /// <summary>When the next run is due; null while the schedule is paused.</summary>
    public DateTimeOffset? Next => Time(ref _next);

    /// <summary>Since when a run is at it; null when none is.</summary>
    public DateTimeOffset? Running => Time(ref _running);

    /// <summary>Since when the schedule is paused; null when it is not.</summary>
    public DateTimeOffset? Paused => Time(ref _paused);

    /// <summary>The time between two scheduled runs.</summary>
    public TimeSpan Interval => TimeSpan.FromMilliseconds(Volatile.Read(ref _interval));

    /// <summary>False while the database cannot be used, and the schedule is kept in memory.</summary>
    public bool IsKept => Volatile.Read(ref _isKept) == 1;

    /// <summary>Runs that ended so.</summary>
    public long RunsOf(RunOutcome outcome) => _runs.GetValueOrDefault(outcome);

    public void Skipped(long missed, long overlapped)
    {
        Interlocked.Add(ref _missed, missed);
        Interlocked.Add(ref _overlaps, overlapped);
    }

    public void Started(RunRecord run)
    {
        Set(ref _running, run.Started);
        if (run.Attempt > 1) Interlocked.Increment(ref _retries);
    }

    public void Ended(RunRecord run)
    {
        Set(ref _running, null);
        _runs.AddOrUpdate(run.Outcome!.Value, 1, (_, n) => n + 1);
        if (run.Outcome is RunOutcome.Written or RunOutcome.Nothing) Set(ref _lastSuccess, run.Finished);
        RunEnded?.Invoke(run);
    }

    public void Is(DateTimeOffset? next, DateTimeOffset? paused, TimeSpan interval)
    {
        Set(ref _next, next);
        Set(ref _paused, paused);
        Volatile.Write(ref _interval, (long)interval.TotalMilliseconds);
    }

    public void Keeps(bool kept) => Volatile.Write(ref _isKept, kept ? 1 : 0);

    private static DateTimeOffset? Time(ref long ms) => Volatile.Read(ref ms) is var value and not 0 ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private static void Set(ref long ms, DateTimeOffset? time) => Volatile.Write(ref ms, time?.ToUnixTimeMilliseconds() ?? 0);
}
