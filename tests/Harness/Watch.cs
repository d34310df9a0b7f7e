namespace Pipeline.Tests.Harness;

/// <summary>Looks at something again and again beside a test, until it is stopped. One that was stopped may be stopped again.</summary>
public sealed class Watch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private Watch(TimeSpan every, Func<Task> look) => _watching = LookAsync(every, look);

    public static Watch Start(TimeSpan every, Func<Task> look) => new(every, look);

    /// <summary>Waits for the last look. What a look has thrown, which ended the watch, is thrown here.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
    }

    /// <summary>For a test that has failed already: says nothing of the looks.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LookAsync(TimeSpan every, Func<Task> look)
    {
        while (!_stop.IsCancellationRequested)
        {
            await look();
            await Task.Delay(every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
