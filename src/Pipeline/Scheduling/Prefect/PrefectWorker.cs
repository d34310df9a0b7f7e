using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect.Wire;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Asks a Prefect server for runs that are due, and runs them one after the other, until it is told to stop.</summary>
internal sealed class PrefectWorker : IDisposable
{
    // More than the server schedules ahead for one deployment.
    private const int MostRuns = 200;

    private readonly PrefectOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PrefectApi _api;
    private readonly PrefectPatience _patience;
    private readonly PrefectSetup _setup;
    private readonly FlowRunExecution _execution;
    private readonly Orphans _orphans;
    private readonly PrefectLogs _logs = new();

    // When this worker is to try a run, whatever the poll says: the server gives retries to none.
    private readonly Dictionary<Guid, DateTimeOffset> _own = [];
    private volatile bool _forgotten;

    public PrefectWorker(PrefectOptions options, IWindowRun windowRun, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _time, _logger) = (options, time, loggers.CreateLogger<PrefectWorker>());
        loggers.AddProvider(_logs);
        _api = new PrefectApi(options, time);
        _patience = new PrefectPatience(options, time, loggers.CreateLogger<PrefectPatience>());
        var states = new FlowRunStates(_api, _patience, loggers.CreateLogger<FlowRunStates>());
        _setup = new PrefectSetup(_api, options, loggers.CreateLogger<PrefectSetup>());
        _orphans = new Orphans(_api, states, options, time, loggers.CreateLogger<Orphans>());
        var claim = new FlowRunClaim(_api, _patience, states, options, time, loggers.CreateLogger<FlowRunClaim>());
        _execution = new FlowRunExecution(_api, _patience, states, claim, _logs, options, windowRun, time, loggers);
    }

    /// <exception cref="PrefectException">The server refuses the worker, or what it sets up.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await _patience.UntilAnsweredAsync(VersionAsync, cancellationToken);
            _logger.LogInformation("Prefect {Version} at {Api}; worker {Worker}, work pool {Pool}.", version, _options.Api, _options.WorkerName, _options.WorkPool);
            await ServeAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    public void Dispose()
    {
        _logs.Dispose();
        _api.Dispose();
    }

    /// <summary>Prefect Cloud does not say; any other address that does not is found out by what the worker sets up.</summary>
    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _api.VersionAsync(cancellationToken);
        }
        catch (PrefectException e) when (e.IsNotFound)
        {
            return "of unknown version";
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var deployment = await SetUpAsync(cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(end.Token);
        try
        {
            var looked = long.MinValue;
            while (true)
            {
                if (_forgotten) deployment = await SetUpAsync(cancellationToken);
                if (looked == long.MinValue || _time.GetElapsedTime(looked) >= _options.Heartbeat) looked = await LookForOrphansAsync(deployment, cancellationToken);
                var next = await NextAsync(deployment, cancellationToken);
                var wait = next is null ? _options.Poll : next.Value.Due - _time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait < _options.Poll ? wait : _options.Poll, _time, cancellationToken);
                    continue;
                }

                var run = next!.Value.Run;
                _own.Remove(run);
                if (await _execution.RunAsync(run, cancellationToken) is { } again) _own[run] = again;
            }
        }
        finally
        {
            await end.CancelAsync();
            await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Deployment> SetUpAsync(CancellationToken cancellationToken)
    {
        var deployment = await _patience.UntilAnsweredAsync(_setup.EnsureAsync, cancellationToken);
        await _patience.UntilAnsweredAsync(token => _api.HeartbeatAsync(_options.WorkPool, Beat, token), cancellationToken);
        _forgotten = false;
        return deployment;
    }

    private Heartbeat Beat => new(_options.WorkerName, Math.Max(1, (int)_options.Heartbeat.TotalSeconds));

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_options.Heartbeat, _time, cancellationToken);
            try
            {
                await TryAsync<bool?>(
                    async token =>
                    {
                        await _api.HeartbeatAsync(_options.WorkPool, Beat, token);
                        return true;
                    },
                    cancellationToken);
            }
            catch (PrefectException e)
            {
                // Whether the server refuses the worker altogether, its next poll finds out.
                _logger.LogWarning("No heartbeat: {Error}", e.Message);
            }
        }
    }

    private async Task<long> LookForOrphansAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        if (await TryAsync(_setup.IsThereAsync, cancellationToken) == false) _forgotten = true;
        foreach (var (run, due) in await TryAsync(token => _orphans.TakeAsync(deployment.Id, token), cancellationToken) ?? []) _own.TryAdd(run, due);
        return started;
    }

    /// <summary>The run that is due first; null when none is soon.</summary>
    private async Task<(Guid Run, DateTimeOffset Due)?> NextAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var query = new ScheduledRunsQuery(now + (2 * _options.Poll), MostRuns);
        var scheduled = await TryAsync(token => _api.ReadScheduledAsync(_options.WorkPool, query, token), cancellationToken) ?? [];
        return scheduled
            .Select(s => s.FlowRun)
            .Where(r => r.DeploymentId == deployment.Id)
            .Where(r => !_own.ContainsKey(r.Id))
            .Select(r => (r.Id, r.NextScheduledStartTime ?? r.ExpectedStartTime ?? now))
            .Concat(_own.Select(o => (o.Key, o.Value)))
            .OrderBy(r => r.Item2)
            .Select(r => ((Guid, DateTimeOffset)?)r)
            .FirstOrDefault();
    }

    /// <summary>Sends a request once; null when the server is away or does not know us.</summary>
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await send(cancellationToken);
            _patience.Answered();
            return answer;
        }
        catch (PrefectException e) when (e.IsAway)
        {
            _patience.Away(e);
        }
        catch (PrefectException e) when (e.IsNotFound)
        {
            _logger.LogWarning("Prefect does not know work pool {Pool} or the deployment any more: setting them up again.", _options.WorkPool);
            _forgotten = true;
        }

        return default;
    }
}
