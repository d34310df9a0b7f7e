namespace Pipeline.Tests.Load.Engines;

/// <summary>Counts what has begun and not ended, and waits until that is nothing.</summary>
internal sealed class InFlight
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the dispatcher, until it waits: an empty moment in between is not the end.
    private long _count = 1;

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        // Tried: NBomber may begin another one when it has come back already and all had ended.
        if (Interlocked.Decrement(ref _count) == 0) _none.TrySetResult();
    }

    /// <exception cref="TimeoutException">Something never ended: dropping it silently would make the run look better than it was.</exception>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        End();
        try
        {
            await _none.Task.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Interlocked.Read(ref _count):N0} operations had not ended {limit.TotalSeconds:0} s after the last one began.");
        }
    }
}
