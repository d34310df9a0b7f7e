namespace Pipeline.Sources.Mock;

/// <summary>
/// Lets events through at a rate counted from the first one, so that neither coarse timers nor slow readers make it drift: a reader
/// that fell behind catches up at full speed.
/// </summary>
internal sealed class MockPace(double eventsPerSecond, TimeProvider time)
{
    /// <summary>Timers are no finer than this: at higher rates events pass in bursts.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(10);

    private readonly long _started = time.GetTimestamp();
    private long _taken;
    private long _due;

    /// <summary>Takes the next event when it is due. Event n is due n / rate after the first.</summary>
    public bool TryTake()
    {
        if (_taken >= _due)
            _due = 1 + (long)(time.GetElapsedTime(_started).TotalSeconds * eventsPerSecond);
        if (_taken >= _due)
            return false;

        _taken++;
        return true;
    }

    /// <summary>Waits until the next event is due, and takes it.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        while (!TryTake())
        {
            var wait = TimeSpan.FromSeconds(_taken / eventsPerSecond) - time.GetElapsedTime(_started);
            await Task.Delay(wait > Burst ? wait : Burst, time, cancellationToken);
        }
    }
}
