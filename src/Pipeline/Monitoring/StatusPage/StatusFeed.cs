using Microsoft.Extensions.Logging;

namespace Pipeline.Monitoring.StatusPage;

/// <summary>
/// Looks at the pipeline every second and tells every open page. However many there are, a look is taken and put into JSON once; a page that is slow gets the newest
/// picture when it is ready for one, and nothing is kept for it.
/// </summary>
internal sealed class StatusFeed : IAsyncDisposable
{
    /// <summary>Pages that may be open at a time.</summary>
    public const int MaxPages = 32;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly StatusProgram _program;
    private readonly Func<StatusReading> _read;
    private readonly StatusHistory _history;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _looking;
    private StatusReading _last;
    private byte[]? _picture;
    private TaskCompletionSource _next = NewNext();
    private string? _error;
    private int _pages;

    /// <param name="read">Takes a look, without waiting for anything.</param>
    public StatusFeed(StatusProgram program, Func<StatusReading> read, TimeProvider time, ILogger<StatusFeed> logger)
    {
        _program = program;
        _read = read;
        _logger = logger;
        _history = new StatusHistory(program.Types.Count);
        _history.Add(_last = read());
        _looking = LookEverySecondAsync(time);
    }

    /// <summary>Pages that are open.</summary>
    public int Pages => Volatile.Read(ref _pages);

    /// <summary>Cancelled when the feed ends.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Takes a place; null when all are taken. Dispose to give it back.</summary>
    public StatusVisit? TryJoin()
    {
        if (Interlocked.Increment(ref _pages) <= MaxPages) return new StatusVisit(this);
        Leave();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
    }

    /// <summary>The picture as it is now, and what completes with the next one.</summary>
    internal (byte[] Picture, Task Next) Current()
    {
        lock (_lock) return (_picture ??= StatusJson.ToEvent(new StatusDocument(_program, _last, _history.ToChart())), _next.Task);
    }

    internal void Leave() => Interlocked.Decrement(ref _pages);

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LookEverySecondAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) Look();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private void Look()
    {
        try
        {
            var reading = _read();
            lock (_lock)
            {
                _history.Add(_last = reading);
                // Drawn when the first page asks for it, once: with no page open, never.
                _picture = null;
                _next.SetResult();
                _next = NewNext();
            }

            _error = null;
        }
        // Whatever it is, it must not end the pipeline, which is well; the page says by itself that no news comes.
        catch (Exception e)
        {
            if (_error != e.Message) _logger.LogError("The status page could not be brought up to date: {Error}", e.Message);
            _error = e.Message;
        }
    }
}
