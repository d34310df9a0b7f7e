using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Browsing;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>The page of the program itself, with a Redis that is stopped on the way.</summary>
public sealed class RunningStatusPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly string _lake = Directory.CreateTempSubdirectory("status-page-").FullName;

    public void Dispose() => Directory.Delete(_lake, recursive: true);

    [Fact]
    public async Task It_shows_events_flowing_windows_written_a_Redis_that_stops_and_all_well_again()
    {
        await using var page = await browser.OpenAsync();
        await using var redis = await RedisServer.StartNewAsync();
        var port = Ports.Free();
        using var program = Start(redis, port, "2s");
        using (var client = new HttpClient())
        {
            await Eventually.TrueAsync("the program to listen", async () => (await client.GetAsync(At(port, "healthz"))).IsSuccessStatusCode, Deadlines.Container);
        }

        await page.Page.GotoAsync(At(port, "").ToString());
        await page.UntilTextAsync("#rate", t => Number(t) > 0);
        await page.UntilTextAsync("#windows", t => t.Contains("written", StringComparison.Ordinal));
        await page.UntilTextAsync("#files", t => t.Contains("/type=like/like-", StringComparison.Ordinal));
        await page.UntilTextAsync("#memory .legend", t => t.Contains('%', StringComparison.Ordinal));
        await page.UntilStateAsync("well");
        (await page.TextAsync("#source")).Should().Be("mock");
        page.Complaints.Should().BeEmpty();

        await redis.StopAsync();
        await page.UntilStateAsync("trouble");
        await page.UntilTextAsync("#problem-list", t => t.Contains("Redis", StringComparison.Ordinal));
        await page.UntilTextAsync("#windows", t => t.Contains("failed", StringComparison.Ordinal));

        await redis.StartAsync();
        await page.UntilStateAsync("well");
        var rows = Number(await page.TextAsync("#rows"));
        await page.UntilTextAsync("#rows", t => Number(t) > rows);
        page.Complaints.Should().BeEmpty();

        program.Kill();
        await page.UntilStateAsync("lost");
        var before = await WindowsAsync(page);

        // The same page, of the program that is started in its place: it knows what the one before has written. Its own windows take longer than this test.
        using var again = Start(redis, port, "1m");
        await page.UntilStateAsync("well");
        (await WindowsAsync(page)).Should().Contain(before);
    }

    private static async Task<IReadOnlyList<string>> WindowsAsync(BrowserPage page) =>
        await page.Page.Locator("#windows tr:not(.explained):not(.why)").AllInnerTextsAsync();

    private PipelineProgram Start(RedisServer redis, int port, string window) => PipelineProgram.Start(
    [
        "run", "--redis", redis.ConnectionString, "--source", "mock", "--rate", "300", "--window", window, "--lake", _lake, "--listen", port.ToString(CultureInfo.InvariantCulture),
    ]);

    private static Uri At(int port, string path) => new($"http://127.0.0.1:{port}/{path}");

    private static double Number(string text) => double.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
