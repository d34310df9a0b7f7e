namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="Interval">Seconds.</param>
/// <param name="AnchorDate">A moment that is on the schedule.</param>
internal sealed record IntervalSchedule(double Interval, DateTimeOffset AnchorDate, string Timezone);
