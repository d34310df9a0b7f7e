using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Asks Prometheus again and again which alerts fire, and keeps the names.</summary>
internal sealed class AlertWatch : IAsyncDisposable
{
    /// <summary>Fires always, to show that alerts arrive.</summary>
    private const string Always = "Watchdog";

    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Watch _watch;
    private readonly TimeSpan _window;

    private AlertWatch(PromQl prometheus, TimeSpan window) => (_window, _watch) = (window, Watch.Start(Deadlines.Quiet, () => LookAsync(prometheus)));

    public int Looks { get; private set; }

    /// <summary>Begins once the alerts of a start, before there was anything to scrape, are over.</summary>
    public static async Task<AlertWatch> StartAsync(PromQl prometheus, TimeSpan window)
    {
        await Eventually.GetAsync("no alert to fire", prometheus.FiringAsync, names => !Unexpected(names, window).Any(), Deadlines.Alert);
        return new AlertWatch(prometheus, window);
    }

    /// <summary>Every alert that fired meanwhile, the expected ones apart.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await _watch.StopAsync();
        return [.. Unexpected(_seen, _window)];
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    /// <summary>A busy machine is an excuse where a run has seconds. With windows of minutes it has time enough, as in operation, and what fires is meant.</summary>
    internal static IEnumerable<string> Unexpected(IEnumerable<string> alerts, TimeSpan window) =>
        alerts.Where(a => a != Always && !(window < TimeSpan.FromMinutes(1) && TestOverlay.SetOffByTheMachine.Contains(a)));

    private async Task LookAsync(PromQl prometheus)
    {
        _seen.UnionWith(await prometheus.FiringAsync());
        Looks++;
    }
}
