using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Asks Prometheus again and again which alerts fire, and keeps the names.</summary>
internal sealed class AlertWatch : IAsyncDisposable
{
    /// <summary>
    /// Watchdog fires always, to show that alerts arrive. LakeDiskFillsSoon extrapolates from hours, which are seconds in the test's overlay: whatever
    /// else writes to this machine's disk sets it off.
    /// </summary>
    private static readonly string[] _expected = ["Watchdog", "LakeDiskFillsSoon"];

    private readonly CancellationTokenSource _stop = new();
    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Task _watching;

    private AlertWatch(PromQl prometheus) => _watching = WatchAsync(prometheus);

    public int Looks { get; private set; }

    /// <summary>Begins once the alerts of a start, before there was anything to scrape, are over.</summary>
    public static async Task<AlertWatch> StartAsync(PromQl prometheus)
    {
        await Eventually.GetAsync("no alert to fire", prometheus.FiringAsync, names => names.All(_expected.Contains), Deadlines.Alert);
        return new AlertWatch(prometheus);
    }

    /// <summary>Every alert that fired meanwhile, the expected ones apart.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return [.. _seen.Where(a => !_expected.Contains(a))];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(PromQl prometheus)
    {
        while (!_stop.IsCancellationRequested)
        {
            _seen.UnionWith(await prometheus.FiringAsync());
            Looks++;
            await Task.Delay(Deadlines.Quiet, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
