namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>Lets tests await a condition over state that changes elsewhere: whoever changes it pulses.</summary>
internal sealed class Signal
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => _next.Task;

    public void Pulse() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <param name="describe">The last value seen, for the message when the deadline passes.</param>
    public async Task UntilAsync(Func<bool> condition, Func<string> describe, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (true)
            {
                // Taken before the look, so that a change between the look and the wait is not missed.
                var next = Next;
                if (condition())
                    return;
                await next.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Deadline}: {describe()}.");
        }
    }
}
