namespace Pipeline.Tests.Unit.Scheduling;

/// <summary>The machine's clock, set forward or back by the test. Whoever waits, waits as long as always.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));

    public void Shift(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
