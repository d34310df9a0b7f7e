namespace Pipeline.Sources;

/// <summary>Holds events back to a rate, on average since the first: an event that is late does not delay those after it.</summary>
internal sealed class ReplayClock(double? eventsPerSecond, TimeProvider time)
{
    private long? _started;
    private long _events;

    public ValueTask NextAsync(CancellationToken cancellationToken)
    {
        if (eventsPerSecond is not { } rate)
            return ValueTask.CompletedTask;

        _started ??= time.GetTimestamp();
        var wait = TimeSpan.FromSeconds(_events++ / rate) - time.GetElapsedTime(_started.Value);
        return wait <= TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(wait, time, cancellationToken));
    }
}
