namespace Pipeline.Scheduling;

/// <summary>Keeps count of the scheduled times: which one a run is for, and which had none.</summary>
internal sealed class DueTimes(Schedule schedule, DateTimeOffset? last)
{
    private DateTimeOffset? _last = last;
    private DateTimeOffset? _ended;

    public Schedule Schedule { get; } = schedule;

    /// <summary>The newest time that had its run; null before the first.</summary>
    public DateTimeOffset? Last => _last;

    /// <summary>The first time that had no run; before the first run, the next after a moment.</summary>
    public DateTimeOffset Next(DateTimeOffset now) => Schedule.Next(_last ?? now);

    /// <summary>What a run is for that begins now.</summary>
    /// <param name="fired">The time that Quartz fired for.</param>
    public DueTime Take(DateTimeOffset? fired, DateTimeOffset now)
    {
        var time = Schedule.Last(now);
        if (fired > time) time = Schedule.Last(fired.Value);
        var between = _last is { } last && time > last ? Schedule.Count(last, time) - 1 : 0;
        var overlapped = _ended is { } ended && _last is { } before ? Math.Min(between, Schedule.Count(before, ended)) : 0;
        if (!(_last >= time)) _last = time;
        return new DueTime(time, between - overlapped, overlapped);
    }

    /// <summary>Says that a run has ended: times before were not missed, they overlapped with it.</summary>
    public void Ended(DateTimeOffset now) => _ended = now;

    /// <summary>Times up to a moment do not count: the schedule was paused. One that is yet to come is from before the clock was set back.</summary>
    public void CountFrom(DateTimeOffset moment, DateTimeOffset now)
    {
        if (moment <= now && !(_last >= moment)) _last = moment;
    }

    /// <summary>The clock was set back: what it showed after a moment has not been yet.</summary>
    public void GoBackTo(DateTimeOffset moment)
    {
        if (_last > moment) _last = moment;
        if (_ended > moment) _ended = moment;
    }
}
