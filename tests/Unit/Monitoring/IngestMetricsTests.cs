using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Buffering;
using Pipeline.Events;
using Pipeline.Monitoring;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>What the ingestor counts becomes metrics.</summary>
public sealed class IngestMetricsTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly MetricsRegistry _metrics = new("ingest");
    private readonly IngestStats _stats = new();
    private readonly TestSource _source = new();

    public IngestMetricsTests()
    {
        SourceMetrics.Register(_metrics, _source, _stats, _time);
        AppendMetrics.Register(_metrics, _stats);
    }

    [Fact]
    public async Task Everything_stands_at_0_at_the_start()
    {
        var scrape = await ScrapeAsync();

        scrape.Metrics.Values.Where(m => m.Type == "counter" && m.Name.StartsWith("pipeline_")).Should().HaveCount(10)
            .And.OnlyContain(m => scrape.Series(m.Name).Count > 0 && scrape.Series(m.Name).All(s => s.Value == 0));
        scrape["pipeline_source_position_timestamp_seconds"].Should().Be(0);
        scrape["pipeline_source_last_message_timestamp_seconds"].Should().Be(0);
        scrape["pipeline_buffer_append_duration_seconds_count"].Should().Be(0);
    }

    [Fact]
    public async Task Messages_are_counted_by_what_becomes_of_them()
    {
        for (var n = 0; n < 6; n++) _stats.CountReceived(_time.GetTimestamp());
        _stats.CountAppended(EventType.Like, 1_799_999_990_500_000);
        _stats.CountDuplicate();
        _stats.CountDuplicate();
        _stats.CountSkipped();
        _stats.CountRejected(RejectReason.TooDeep);
        _stats.CountRejected(RejectReason.TooDeep);
        _time.Advance(TimeSpan.FromSeconds(30));

        var scrape = await ScrapeAsync();
        scrape["pipeline_source_messages_received_total"].Should().Be(6);
        scrape["pipeline_source_events_repeated_total"].Should().Be(2);
        scrape["pipeline_source_events_skipped_total"].Should().Be(1);
        scrape["pipeline_buffer_events_rejected_total{reason=\"too_deep\"}"].Should().Be(2);
        scrape["pipeline_buffer_events_rejected_total{reason=\"malformed\"}"].Should().Be(0);
        scrape["pipeline_source_position_timestamp_seconds"].Should().Be(1_799_999_990.5);
        scrape["pipeline_source_last_message_timestamp_seconds"].Should().Be(1_800_000_000);
    }

    [Fact]
    public async Task A_batch_is_observed_when_it_is_acknowledged_and_an_empty_one_has_no_size()
    {
        _stats.CountAcknowledged(new AppendedBatch(100, 20_000, TimeSpan.FromMilliseconds(20)));
        _stats.CountAcknowledged(new AppendedBatch(0, 0, TimeSpan.FromMilliseconds(30)));

        var scrape = await ScrapeAsync();
        scrape["pipeline_buffer_events_appended_total"].Should().Be(100);
        scrape["pipeline_buffer_batches_appended_total"].Should().Be(2);
        (scrape["pipeline_buffer_batch_events_count"], scrape["pipeline_buffer_batch_events_sum"]).Should().Be((1, 100));
        (scrape["pipeline_buffer_batch_bytes_count"], scrape["pipeline_buffer_batch_bytes_sum"]).Should().Be((1, 20_000));
        scrape["pipeline_buffer_append_duration_seconds_count"].Should().Be(2);
        scrape["pipeline_buffer_append_duration_seconds_bucket{le=\"0.025\"}"].Should().Be(1);
    }

    [Fact]
    public async Task Pauses_are_counted_and_the_present_one_shows()
    {
        _stats.SetHolding(true);
        _stats.SetHolding(false);
        _stats.SetHolding(true);

        var scrape = await ScrapeAsync();
        (scrape["pipeline_buffer_backpressure"], scrape["pipeline_buffer_backpressure_pauses_total"]).Should().Be((1, 2));
    }

    [Theory]
    [InlineData(true, true, 1)]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 0)]
    public async Task A_source_is_connected_when_it_is_open_and_says_so(bool isReading, bool isConnected, int shown)
    {
        _stats.SetReading(isReading);
        _source.IsConnected = isConnected;
        _source.Reconnects = 3;

        var scrape = await ScrapeAsync();
        (scrape["pipeline_source_connected"], scrape["pipeline_source_reconnects_total"]).Should().Be((shown, 3));
    }

    private Task<Scrape> ScrapeAsync() => Scraped.FromAsync(_metrics);
}
