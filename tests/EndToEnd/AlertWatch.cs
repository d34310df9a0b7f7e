using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Asks Prometheus again and again which alerts fire, and keeps the names.</summary>
internal sealed class AlertWatch : IAsyncDisposable
{
    /// <summary>Watchdog fires always, to show that alerts arrive.</summary>
    private static readonly string[] _expected = ["Watchdog", .. TestOverlay.SetOffByTheMachine];

    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Watch _watch;

    private AlertWatch(PromQl prometheus) => _watch = Watch.Start(Deadlines.Quiet, () => LookAsync(prometheus));

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
        await _watch.StopAsync();
        return [.. _seen.Where(a => !_expected.Contains(a))];
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private async Task LookAsync(PromQl prometheus)
    {
        _seen.UnionWith(await prometheus.FiringAsync());
        Looks++;
    }
}
