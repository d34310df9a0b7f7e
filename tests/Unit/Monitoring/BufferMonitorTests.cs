using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Monitoring;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>What only Redis knows is shown while Redis says it, and not longer.</summary>
public sealed class BufferMonitorTests : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly MetricsRegistry _metrics = new("run");
    private readonly BufferMonitor _monitor;
    private Func<Task<BufferReading>> _look;

    public BufferMonitorTests()
    {
        _look = () => Task.FromResult(Readings.Usual(_time.GetUtcNow()));
        _monitor = BufferMonitor.Start(_ => _look(), _interval, _time, NullLogger.Instance);
        BufferMetrics.Register(_metrics, _monitor);
    }

    [Fact]
    public async Task A_look_that_succeeds_is_shown()
    {
        await UntilAsync(up: true);

        var scrape = await ScrapeAsync();
        scrape["pipeline_buffer_events"].Should().Be(1000);
        scrape["pipeline_buffer_entries"].Should().Be(30);
        scrape["pipeline_buffer_bytes"].Should().Be(200_000);
        scrape["pipeline_buffer_oldest_unwritten_timestamp_seconds"].Should().Be(5);
        scrape["pipeline_buffer_last_entry_timestamp_seconds"].Should().Be(9);
        scrape["pipeline_buffer_memory_used_bytes"].Should().Be(1_000_000);
        scrape["pipeline_buffer_memory_max_bytes"].Should().Be(2_000_000);
        scrape["pipeline_buffer_memory_utilization_ratio"].Should().Be(0.5);
        (scrape["pipeline_buffer_ballast_keys"], scrape["pipeline_buffer_ballast_keys_expected"]).Should().Be((8, 8));
    }

    [Fact]
    public async Task When_Redis_does_not_answer_nothing_old_looks_fresh_and_it_comes_back_by_itself()
    {
        await UntilAsync(up: true);
        var failed = 0;
        _look = () =>
        {
            Interlocked.Increment(ref failed);
            return Task.FromException<BufferReading>(new TimeoutException("no answer"));
        };
        await Eventually.TrueAsync(
            "a look that fails",
            () =>
            {
                _time.Advance(_interval);
                return Volatile.Read(ref failed) > 0;
            });

        // At once, not when the last look has become too old to go by.
        await Eventually.GetAsync("the monitor to say so", ScrapeAsync, scrape => scrape["pipeline_buffer_up"] == 0);

        (await ScrapeAsync()).Metrics.Keys.Where(n => n.StartsWith("pipeline_buffer_")).Should().HaveCountGreaterThan(5);
        (await ScrapeAsync()).Text.Split('\n').Where(l => l.StartsWith("pipeline_buffer_")).Should().Equal("pipeline_buffer_up 0");

        _look = () => Task.FromResult(Readings.Usual(_time.GetUtcNow()));
        await UntilAsync(up: true);
        (await ScrapeAsync())["pipeline_buffer_events"].Should().Be(1000);
    }

    [Fact]
    public async Task A_look_that_hangs_counts_as_none()
    {
        await UntilAsync(up: true);
        _look = () => new TaskCompletionSource<BufferReading>().Task;

        await UntilAsync(up: false);
    }

    [Fact]
    public async Task A_log_that_is_empty_has_no_times_and_a_server_without_a_limit_is_never_full()
    {
        _look = () => Task.FromResult(new BufferReading(_time.GetUtcNow(), 0, 0, 0, null, null, null, 1_000_000, 0, 0, 0));
        await UntilAsync(up: true);
        _time.Advance(_interval);
        await Eventually.TrueAsync("the new look", () => _monitor.Current?.Events == 0);

        var scrape = await ScrapeAsync();
        scrape["pipeline_buffer_oldest_unwritten_timestamp_seconds"].Should().Be(0);
        scrape["pipeline_buffer_last_entry_timestamp_seconds"].Should().Be(0);
        scrape["pipeline_buffer_memory_utilization_ratio"].Should().Be(0);
    }

    [Fact]
    public async Task What_Redis_does_not_tell_its_user_is_absent_and_the_rest_is_there()
    {
        _look = () => Task.FromResult(Readings.Usual(_time.GetUtcNow()) with { Bytes = null });
        await UntilAsync(up: true);
        _time.Advance(_interval);
        await Eventually.TrueAsync("the new look", () => _monitor.Current is { IsWhole: false });

        var scrape = await ScrapeAsync();
        (scrape["pipeline_buffer_bytes"], scrape["pipeline_buffer_events"]).Should().Be((null, 1000));
    }

    public ValueTask DisposeAsync() => _monitor.DisposeAsync();

    private Task<Scrape> ScrapeAsync() => Scraped.FromAsync(_metrics);

    private Task<Scrape> UntilAsync(bool up) => Eventually.GetAsync(
        "the monitor to look",
        () =>
        {
            _time.Advance(_interval);
            return ScrapeAsync();
        },
        scrape => scrape["pipeline_buffer_up"] == (up ? 1 : 0));
}
