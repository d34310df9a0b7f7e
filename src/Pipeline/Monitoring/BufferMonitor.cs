using Microsoft.Extensions.Logging;
using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Monitoring;

/// <summary>Looks at Redis every few seconds, beside the pipeline: whoever asks gets the last look and never waits for Redis.</summary>
public sealed class BufferMonitor : IAsyncDisposable
{
    /// <summary>How often Redis is asked.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);

    // A look that hangs is as good as none. The client library gives a command five seconds.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Func<CancellationToken, Task<BufferReading>> _look;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile BufferReading? _last;
    private bool _hasComplained;

    private BufferMonitor(Func<CancellationToken, Task<BufferReading>> look, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (_look, _interval, _time, _logger) = (look, interval, time, logger);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>False until the first look has ended, well or not.</summary>
    public bool HasLooked { get; private set; }

    /// <summary>The last look; null when it failed, or is too old to go by.</summary>
    public BufferReading? Current => _last is { } last && _time.GetUtcNow() - last.Taken < _interval + _patience ? last : null;

    public static BufferMonitor Start(IDatabase database, IReadOnlyList<RedisLog> logs, TimeProvider time, ILogger<BufferMonitor> logger) =>
        Start(new BufferProbe(database, logs, time).LookAsync, DefaultInterval, time, logger);

    internal static BufferMonitor Start(Func<CancellationToken, Task<BufferReading>> look, TimeSpan interval, TimeProvider time, ILogger logger) =>
        new(look, interval, time, logger);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _last = await LookAsync();
            HasLooked = true;
            Complain(_last);
            await Task.Delay(_interval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Complain(BufferReading? reading)
    {
        if (_hasComplained || reading is not { IsWhole: false }) return;
        _hasComplained = true;
        _logger.LogWarning(
            "Redis does not let its user ask all that the metrics tell; some are missing. docker/redis/users.acl.template has the rights: XLEN, MEMORY USAGE, EXISTS of ballast.");
    }

    private async Task<BufferReading?> LookAsync()
    {
        try
        {
            return await _look(_stop.Token).WaitAsync(_patience, _time, _stop.Token);
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or OperationCanceledException or LogException or FormatException)
        {
            // The pipeline itself says when Redis is away; this is for what only the monitor meets.
            _logger.LogDebug("The buffer cannot be looked at: {Error}", e.Message);
            return null;
        }
    }
}
