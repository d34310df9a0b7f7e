using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>While a run goes on: watches for what people do to it on the server, and keeps the lease of its slot.</summary>
internal sealed class RunWatch : IAsyncDisposable
{
    // The server takes no shorter one.
    private static readonly TimeSpan _leastLease = TimeSpan.FromMinutes(1);

    private readonly PrefectApi _api;
    private readonly PrefectPatience _patience;
    private readonly PrefectOptions _options;
    private readonly TimeProvider _time;
    private readonly Guid _run;
    private readonly CancellationToken _shutdown;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _watching;
    private readonly Task _leasing;
    private int _reason;

    public RunWatch(
        PrefectApi api, PrefectPatience patience, PrefectOptions options, TimeProvider time, Guid run, Guid? lease, CancellationToken cancellationToken)
    {
        (_api, _patience, _options, _time, _run, _shutdown) = (api, patience, options, time, run, cancellationToken);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watching = WatchAsync();
        _leasing = lease is { } id ? KeepAsync(id) : Task.CompletedTask;
    }

    /// <summary>Cancelled when the run has to end.</summary>
    public CancellationToken Stop => _stop.Token;

    public RunStop Reason => (RunStop)Volatile.Read(ref _reason) is var reason and not RunStop.None ? reason
        : _shutdown.IsCancellationRequested ? RunStop.Shutdown
        : RunStop.None;

    /// <summary>What the state that somebody set means for a run that is going on.</summary>
    public static RunStop Meaning(string? type) => type switch
    {
        StateTypes.Running => RunStop.None,
        StateTypes.Cancelling => RunStop.Cancelled,
        StateTypes.Paused => RunStop.Paused,
        _ => RunStop.TakenAway,
    };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _leasing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(_options.Poll, _time, _end.Token);
            RunStop reason;
            try
            {
                reason = Meaning((await _api.ReadFlowRunAsync(_run, _end.Token)).StateType);
                _patience.Answered();
            }
            catch (PrefectException e) when (e.IsNotFound)
            {
                reason = RunStop.TakenAway;
            }
            catch (PrefectException e)
            {
                // The run goes on without the server, which hears of it later.
                if (e.IsAway) _patience.Away(e);
                continue;
            }

            if (reason == RunStop.None) continue;
            Volatile.Write(ref _reason, (int)reason);
            await _stop.CancelAsync();
            return;
        }
    }

    private async Task KeepAsync(Guid lease)
    {
        while (true)
        {
            await Task.Delay(_options.Lease / 3, _time, _end.Token);
            try
            {
                await _api.RenewLeaseAsync(lease, _options.Lease > _leastLease ? _options.Lease : _leastLease, _end.Token);
            }
            catch (PrefectException e) when (e.IsNotFound)
            {
                // It ran out while the server could not be reached. The run need not end: two writers at once harm nobody.
                return;
            }
            catch (PrefectException)
            {
                // Next time; the watch says that the server is away.
            }
        }
    }
}
