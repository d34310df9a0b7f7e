using FluentAssertions;
using Microsoft.Playwright;
using Pipeline.Monitoring.StatusPage;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Browsing;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>The page in a real browser, with a pipeline that is made up.</summary>
public sealed class StatusPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private Func<StatusReading> _reading = MadeUp.Well;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_loads_and_says_how_things_are()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());

        await page.UntilStateAsync("well");
        (await page.Page.TitleAsync()).Should().Be("All is well · Pipeline");
        (await page.TextAsync("#verdict")).Should().Be("All is well");
        (await page.TextAsync("#waiting")).Should().Be("54,321");
        (await page.TextAsync("#pressure")).Should().Be("Off");
        (await page.TextAsync("#rows")).Should().Be("1,234,567");
        (await page.TextAsync("#lag")).Should().MatchRegex("^[0-9]\\.[0-9] s$");
        (await page.TextAsync("#windows")).Should().ContainAll("written", "102,345", "1.2 s");
        (await page.TextAsync("#files")).Should().ContainAll(".parquet", "1,234,567", "123 MB");
        (await page.TextAsync("#next")).Should().MatchRegex("^The next run is due at [0-9:]{8}$");
        (await page.TextAsync("#memory-note")).Should().Contain("2 GB");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task It_goes_on_while_events_flow()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());

        // By type and all together, from two looks a second apart.
        await page.UntilTextAsync("#rate", t => int.TryParse(t, out var rate) && rate is > 300 and < 400);
        await page.UntilTextAsync("#throughput .legend li:first-child", t => t.StartsWith("like", StringComparison.Ordinal) && int.Parse(t.Split()[^1]) is > 200 and < 270);
        var clock = await page.TextAsync("#clock");
        await page.UntilTextAsync("#clock", t => t != clock);

        // The first point is complete when its five seconds are over.
        await Eventually.TrueAsync(
            "the chart to have an area", async () => (await page.Page.Locator("#throughput path.like").GetAttributeAsync("d"))?.Contains('L') ?? false, Deadlines.Recovery);
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task It_says_what_is_wrong_and_when_it_is_over()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("well");
        (await page.Page.Locator("#problem-list").IsVisibleAsync()).Should().BeFalse();

        _reading = MadeUp.Ill;
        await page.UntilStateAsync("trouble");
        (await page.TextAsync("#verdict")).Should().Be("2 problems");
        (await page.TextAsync("#problem-list")).Should().ContainAll(MadeUp.Trouble.Part, MadeUp.Trouble.Text, MadeUp.Trouble.Advice, "No window has been written");
        (await page.TextAsync("#pressure")).Should().Be("On");
        (await page.TextAsync("#rows-note")).Should().Be("12,345 events lost");
        (await page.TextAsync("#next")).Should().StartWith("The schedule is paused since");
        (await page.TextAsync("#windows")).Should().ContainAll("failed 1234×", "No space left on device");

        _reading = MadeUp.Well;
        await page.UntilStateAsync("well");
        (await page.Page.Locator("#problem-list").IsVisibleAsync()).Should().BeFalse();
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task It_says_when_the_connection_is_lost_and_recovers_by_itself()
    {
        await using var page = await browser.OpenAsync();
        int port;
        await using (var server = await ServeAsync())
        {
            port = server.Address.Port;
            await page.Page.GotoAsync(server.Address.ToString());
            await page.UntilStateAsync("well");
            (await page.Page.Locator("#lost").IsVisibleAsync()).Should().BeFalse();
        }

        await page.UntilStateAsync("lost");
        (await page.Page.Locator("#lost").IsVisibleAsync()).Should().BeTrue();
        (await page.TextAsync("#lost")).Should().MatchRegex("^Connection lost\\. .* The figures are those of [0-9:]{8} UTC\\.$");
        (await page.Page.TitleAsync()).Should().StartWith("Connection lost");

        await using var again = await ServeAsync(port);
        await page.UntilStateAsync("well");
        (await page.Page.Locator("#lost").IsVisibleAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task It_notices_a_program_that_hangs_with_its_connections_open()
    {
        await using var page = await browser.OpenAsync();
        using var hangs = new ManualResetEventSlim();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("well");

        _reading = () =>
        {
            hangs.Wait(Cancellation);
            return MadeUp.Well();
        };
        try
        {
            await page.UntilStateAsync("lost");
        }
        finally
        {
            hangs.Set();
        }

        await page.UntilStateAsync("well");
    }

    [Fact]
    public async Task A_tab_that_nobody_sees_gives_its_connection_back()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("well");
        server.Pages.Should().Be(1);

        await HideAsync(page.Page, hidden: true);
        await Eventually.TrueAsync("the page to leave", () => server.Pages == 0);
        await HideAsync(page.Page, hidden: false);
        await Eventually.TrueAsync("the page to come back", () => server.Pages == 1);
        var clock = await page.TextAsync("#clock");
        await page.UntilTextAsync("#clock", t => t != clock);
        page.Complaints.Should().BeEmpty();
    }

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(700)]
    [InlineData(1000)]
    public async Task Nothing_scrolls_sideways_and_nothing_is_cut_off(int width)
    {
        await using var page = await browser.OpenAsync(width);
        _reading = MadeUp.Ill;
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("trouble");

        (await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width);
        var wide = await page.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.value, .note, .path, #problem-list p, .scroll, .legend')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)");
        wide.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Everything_can_be_read(ColorScheme scheme)
    {
        await using var page = await browser.OpenAsync(scheme: scheme);
        _reading = MadeUp.Ill;
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("trouble");

        var ground = await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        (Contrast.LuminanceOf(ground) > 0.5).Should().Be(scheme == ColorScheme.Light);
        var colours = await Contrast.ReadAsync(page.Page);
        colours.Count.Should().BeGreaterThan(60);
        colours.Where(c => c.Ratio < c.Wanted).Should().BeEmpty();
    }

    [Fact]
    public async Task A_keyboard_is_enough()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("well");

        var reached = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var (name, outlined) = await FocusAsync(page.Page);
            if (name == "BODY") break;
            reached.Add(name);
            outlined.Should().BeTrue($"{name} has the focus");
        }

        reached.Should().ContainInOrder("Skip to the content", "throughput", "As a table", "buffer", "As a table", "memory", "As a table", "metrics", "readyz", "healthz");
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_chart_is_walked_through_with_the_arrow_keys_and_read_as_a_table()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        await page.UntilStateAsync("well");
        var plot = page.Page.Locator("#throughput .plot");

        (await plot.GetAttributeAsync("role")).Should().Be("slider");
        await plot.FocusAsync();
        (await page.TextAsync("#throughput .when")).Should().Be("Now");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        var at = await page.UntilTextAsync("#throughput .when", t => t != "Now");
        at.Should().MatchRegex("^[0-9]{2}:[0-9]{2}:[0-9]{2}$");
        (await plot.GetAttributeAsync("aria-valuetext")).Should().Contain("like").And.Contain("rejected");
        await page.Page.Keyboard.PressAsync("Home");
        (await plot.GetAttributeAsync("aria-valuenow")).Should().Be("0");
        await page.Page.Keyboard.PressAsync("Escape");
        (await page.TextAsync("#throughput .when")).Should().Be("Now");

        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Enter");
        var table = page.Page.Locator("#throughput table");
        await table.WaitForAsync();
        (await table.Locator("thead th").AllInnerTextsAsync()).Should().Equal("Minute", "like", "follow", "post", "repost", "block", "rejected");
        (await table.Locator("tbody tr").CountAsync()).Should().BeInRange(14, 16);
        page.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Figures_are_written_as_people_read_them()
    {
        await using var page = await browser.OpenAsync();
        await using var server = await ServeAsync();
        await page.Page.GotoAsync(server.Address.ToString());
        var texts = await page.Page.EvaluateAsync<string[]>(
            """
            import('/status/format.js').then(f => [
              f.number(1234567.4), f.short(9999999), f.short(12345678), f.short(12345678901), f.rate(0), f.rate(0.04), f.rate(6.54), f.rate(343.2),
              f.bytes(0), f.bytes(999), f.bytes(1234), f.bytes(98765), f.bytes(166e6), f.bytes(2147483648), f.percent(0.0123), f.percent(0.5), f.percent(1),
              f.duration(0.0004), f.duration(0.25), f.duration(1.234), f.duration(59.4), f.duration(59.6), f.duration(300), f.duration(3725), f.duration(90061),
              f.plural(1, 'file'), f.plural(1200, 'file'), f.clock(1783173900123), f.moment(1783173900123, 1783170000000), f.moment(1783173900123, 1783270000000),
            ])
            """);

        texts.Should().Equal(
            "1,234,567", "9,999,999", "12.3 M", "12.3 bn", "0", "0", "6.5", "343",
            "0 B", "999 B", "1.2 kB", "98.8 kB", "166 MB", "2.1 GB", "1.2%", "50%", "100%",
            "0 ms", "250 ms", "1.2 s", "59 s", "1 min", "5 min", "1 h 2 min", "1 d 1 h",
            "1 file", "1,200 files", "14:05:00", "14:05:00", "2026-07-04 14:05:00");
    }

    /// <summary>Headless pages are never hidden, so the page is told that it is.</summary>
    private static async Task HideAsync(IPage page, bool hidden) => await page.EvaluateAsync(
        "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden }); document.dispatchEvent(new Event('visibilitychange')); }", hidden);

    private static async Task<(string Name, bool Outlined)> FocusAsync(IPage page)
    {
        var seen = await page.EvaluateAsync<string[]>(
            """
            (() => {
              const e = document.activeElement;
              const name = e.tagName === 'BODY' ? 'BODY' : e.matches('.plot') ? e.parentElement.id : e.innerText;
              return [name, String(getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2)];
            })()
            """);
        return (seen[0], seen[1] == "true");
    }

    private Task<PageServer> ServeAsync(int port = 0) => PageServer.StartAsync(() => _reading(), Cancellation, port);
}
