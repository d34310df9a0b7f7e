using System.Globalization;
using Quartz;

namespace Pipeline.Scheduling;

/// <summary>When runs are due: shortly after every window, at an interval, or by a cron expression. Always UTC.</summary>
internal sealed class Schedule
{
    public const string EveryWindow = "every window";

    /// <summary>Missed times are counted up to here: nobody cares how many more they are.</summary>
    private const long MostCounted = 100_000;

    private static readonly TimeSpan _leastOffset = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _mostOffset = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _interval;
    private readonly TimeSpan _offset;
    private readonly CronExpression? _cron;

    private Schedule(string text, TimeSpan interval, TimeSpan offset) => (Text, _interval, _offset) = (text, interval, offset);

    private Schedule(string text, CronExpression cron) => (Text, _cron) = (text, cron.WithTimeZone(TimeZoneInfo.Utc));

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>The cron expression that Quartz is given; null where none can say it (an interval of 45 s, or a part of a second).</summary>
    public string? Cron => _cron?.CronExpressionString ?? FittingCron();

    /// <summary>Reads <c>every window</c>, a duration such as <c>30s</c>, or a cron expression with five fields, or six with the seconds first.</summary>
    /// <param name="window">The window that <c>every window</c> means.</param>
    /// <param name="problem">What the text would have to be.</param>
    public static Schedule? TryParse(string text, TimeSpan window, out string problem)
    {
        problem = $"use '{EveryWindow}', a duration from 1s to 1d such as 30s, or a cron expression in UTC such as '*/5 * * * *' or, with seconds first, '10 */5 * * * ?'";
        text = text.Trim();
        if (text.Equals(EveryWindow, StringComparison.OrdinalIgnoreCase)) return Every(window);
        if (Quantity.TryParseDuration(text, out var interval))
        {
            return interval >= TimeSpan.FromSeconds(1) && interval <= TimeSpan.FromDays(1) ? new Schedule(text, interval, TimeSpan.Zero) : null;
        }

        var format = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5 ? CronFormat.Unix : CronFormat.Quartz;
        if (!CronExpression.TryParse(text, format, out var cron) || cron is null) return null;
        if (cron.WithTimeZone(TimeZoneInfo.Utc).GetNextValidTimeAfter(TimeProvider.System.GetUtcNow()) is not null) return new Schedule(text, cron);
        problem = "that time never comes again";
        return null;
    }

    /// <summary>A window is closed when an event behind its end is in the log: a quiet source says so every few seconds.</summary>
    public static Schedule Every(TimeSpan window)
    {
        var tenth = TimeSpan.FromMilliseconds(Math.Floor(window.TotalMilliseconds / 10));
        var offset = tenth < _leastOffset ? _leastOffset : tenth > _mostOffset ? _mostOffset : tenth;
        return new Schedule(EveryWindow, window, offset);
    }

    /// <summary>The first time that is later.</summary>
    public DateTimeOffset Next(DateTimeOffset after) =>
        _cron is null ? At(Number(after) + 1) : _cron.GetNextValidTimeAfter(after) ?? DateTimeOffset.MaxValue;

    /// <summary>The newest time that is not later.</summary>
    public DateTimeOffset Last(DateTimeOffset upTo) => _cron is null
        ? At(Number(upTo))
        : _cron.IsSatisfiedBy(upTo) && upTo.Ticks % TimeSpan.TicksPerSecond == 0 ? upTo : _cron.GetPreviousValidTimeBefore(upTo) ?? DateTimeOffset.MinValue;

    /// <summary>How many times lie after one moment and not after another.</summary>
    public long Count(DateTimeOffset after, DateTimeOffset upTo)
    {
        if (upTo <= after) return 0;
        if (_cron is null) return Number(upTo) - Number(after);
        var count = 0L;
        for (var time = Next(after); time <= upTo && count < MostCounted; time = Next(time)) count++;
        return count;
    }

    /// <summary>The time between the next two.</summary>
    public TimeSpan Interval(DateTimeOffset at)
    {
        if (_cron is null) return _interval;
        var next = Next(at);
        return next == DateTimeOffset.MaxValue ? TimeSpan.FromDays(1) : Next(next) - next;
    }

    /// <summary>What Quartz is to fire at from now on: times that were missed make one run at once.</summary>
    public TriggerBuilder<IJob> Apply(TriggerBuilder<IJob> trigger, DateTimeOffset now)
    {
        if (Cron is { } cron)
        {
            return trigger.StartAt(now).WithSchedule(
                CronScheduleBuilder.Create(cron).InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed));
        }

        trigger = trigger.StartAt(Next(now));
        if (_interval.Ticks % TimeSpan.TicksPerSecond == 0)
        {
            return trigger.WithSchedule(CalendarIntervalScheduleBuilder.Create()
                .WithInterval((int)_interval.TotalSeconds, IntervalUnit.Second).WithMisfireInstruction(CalendarIntervalTriggerMisfireInstruction.FireAndProceed));
        }

        // The only trigger that knows parts of a second. After one that was missed it would count from then on, so that it has to wait for the next.
        return trigger.WithSchedule(SimpleScheduleBuilder.Create()
            .WithInterval(_interval).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount));
    }

    public override string ToString() => Cron is { } cron && cron != Text ? $"{Text} ({cron})" : Text;

    private long Number(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks - _offset.Ticks;
        return ticks >= 0 ? ticks / _interval.Ticks : -1 - ((-1 - ticks) / _interval.Ticks);
    }

    private DateTimeOffset At(long number) => DateTimeOffset.UnixEpoch + (number * _interval) + _offset;

    private string? FittingCron()
    {
        if (_interval.Ticks % TimeSpan.TicksPerSecond != 0 || _offset.Ticks % TimeSpan.TicksPerSecond != 0) return null;
        var (interval, offset) = ((long)_interval.TotalSeconds, (long)_offset.TotalSeconds);
        if (interval < 60) return 60 % interval == 0 ? Fields(Step(interval, offset), "*") : null;
        return interval % 60 == 0 && 3600 % interval == 0 ? Fields(offset.ToString(CultureInfo.InvariantCulture), Step(interval / 60, 0)) : null;
    }

    private static string Fields(string seconds, string minutes) => $"{seconds} {minutes} * * * ?";

    private static string Step(long step, long from) => step switch
    {
        1 => "*",
        60 => string.Create(CultureInfo.InvariantCulture, $"{from}"),
        _ when from == 0 => string.Create(CultureInfo.InvariantCulture, $"*/{step}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{from}/{step}"),
    };
}
