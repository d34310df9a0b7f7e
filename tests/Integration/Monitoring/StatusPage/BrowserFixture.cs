using Microsoft.Playwright;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>The machine's own Chromium, driven by Playwright. Nothing is downloaded: what is tested is a browser that people have.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // Debian's name first. On Ubuntu chromium is a snap, which a test cannot drive; its CI machines have Chrome.
    private static readonly string[] _names = ["chromium", "google-chrome", "google-chrome-stable", "chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } program) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            // Chromium refuses its sandbox to root, and containers refuse it to everybody. It only opens our own page.
            ChromiumSandbox = false,
            Args = ["--disable-dev-shm-usage"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a page with nothing in it; dispose to close.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    internal async Task<BrowserPage> OpenAsync(int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null) throw new BrowserUnavailableException("There is no Chromium on the PATH. Run ./test, which installs the package chromium where apt-get has it.");
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout((float)Deadlines.Recovery.TotalMilliseconds);
        return new BrowserPage(context, await context.NewPageAsync());
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => _names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
