using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Archiving;
using Pipeline.Monitoring;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>Every schedule drives one run, and what it reports becomes metrics.</summary>
public sealed class WriterRunsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly FixedRun _run = new();
    private readonly MetricsRegistry _metrics = new("write");
    private readonly BufferMonitor _monitor;
    private readonly WriterRuns _runs;

    public WriterRunsTests()
    {
        _runs = new WriterRuns(_run, _time);
        _monitor = BufferMonitor.Start(_ => Task.FromException<BufferReading>(new TimeoutException()), TimeSpan.FromSeconds(5), _time, NullLogger.Instance);
        WriterMetrics.Register(_metrics, new LakeOptions(), new WriteStats(), _runs, _monitor);
    }

    public ValueTask DisposeAsync() => _monitor.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RunOutcome.Written, "written")]
    [InlineData(RunOutcome.Nothing, "nothing")]
    [InlineData(RunOutcome.Busy, "busy")]
    [InlineData(RunOutcome.Failed, "failed")]
    [InlineData(RunOutcome.TimedOut, "failed")]
    public async Task A_run_counts_by_its_outcome(RunOutcome outcome, string label)
    {
        await RunAsync(FixedRun.Report(outcome));

        var scrape = await ScrapeAsync();
        foreach (var other in new[] { "written", "nothing", "busy", "failed" })
        {
            scrape[$"pipeline_writer_runs_total{{outcome=\"{other}\"}}"].Should().Be(other == label ? 1 : 0);
        }
    }

    [Theory]
    [InlineData(RunOutcome.Written, true)]
    [InlineData(RunOutcome.Nothing, true)]
    [InlineData(RunOutcome.Busy, true)]
    [InlineData(RunOutcome.Failed, false)]
    [InlineData(RunOutcome.TimedOut, false)]
    [InlineData(RunOutcome.Cancelled, false)]
    public async Task Only_a_run_that_did_not_fail_moves_the_last_success(RunOutcome outcome, bool moves)
    {
        await RunAsync(FixedRun.Report(RunOutcome.Nothing));
        _time.Advance(TimeSpan.FromSeconds(60));
        await RunAsync(FixedRun.Report(outcome));

        (await ScrapeAsync())["pipeline_writer_last_success_timestamp_seconds"].Should().Be(moves ? 1_800_000_060 : 1_800_000_000);
    }

    [Fact]
    public async Task A_run_that_breaks_counts_as_failed_and_its_error_goes_on()
    {
        _run.Next = () => throw new InvalidOperationException("broken");
        var run = () => _runs.RunAsync(Request(), Token);

        await run.Should().ThrowAsync<InvalidOperationException>();
        (await ScrapeAsync())["pipeline_writer_runs_total{outcome=\"failed\"}"].Should().Be(1);
    }

    [Fact]
    public async Task Durations_of_runs_with_work_and_of_their_windows_are_observed()
    {
        await RunAsync(FixedRun.Report(RunOutcome.Nothing));
        var window = new WindowReport(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, new Dictionary<string, long>(), new Dictionary<string, long>(), 1, TimeSpan.FromSeconds(0.75));
        await RunAsync(FixedRun.Report(RunOutcome.Written, window, window));

        var scrape = await ScrapeAsync();
        (scrape["pipeline_writer_run_duration_seconds_count"], scrape["pipeline_writer_run_duration_seconds_sum"]).Should().Be((1, 2));
        (scrape["pipeline_writer_window_duration_seconds_count"], scrape["pipeline_writer_window_duration_seconds_sum"]).Should().Be((2, 1.5));
        scrape["pipeline_writer_last_run_duration_seconds"].Should().Be(2);
    }

    [Fact]
    public async Task Nothing_has_happened_at_the_start()
    {
        var scrape = await ScrapeAsync();

        scrape["pipeline_writer_last_success_timestamp_seconds"].Should().Be(0);
        scrape["pipeline_writer_run_duration_seconds_count"].Should().Be(0);
        scrape["pipeline_writer_window_seconds"].Should().Be(300);
        scrape.Series("pipeline_writer_rows_written_total").Should().HaveCount(6).And.OnlyContain(s => s.Value == 0);
    }

    private static RunRequest Request() => new("1", RunTrigger.Schedule, DateTimeOffset.UnixEpoch, 1, Drain: false);

    private Task<RunReport> RunAsync(RunReport report)
    {
        _run.Next = () => report;
        return _runs.RunAsync(Request(), Token);
    }

    private Task<Scrape> ScrapeAsync() => Scraped.FromAsync(_metrics);
}
