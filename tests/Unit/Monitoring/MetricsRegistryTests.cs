using FluentAssertions;
using Pipeline.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

public sealed class MetricsRegistryTests
{
    private readonly MetricsRegistry _metrics = new("run");

    [Fact]
    public async Task A_counter_stands_at_0_from_the_start_and_follows_what_it_reads()
    {
        var count = 0L;
        _metrics.Counter("a_total", "A.", () => count);
        (await Scraped.FromAsync(_metrics))["a_total"].Should().Be(0);

        count = 5;

        (await Scraped.FromAsync(_metrics))["a_total"].Should().Be(5);
    }

    [Fact]
    public async Task Every_value_of_a_label_is_there_from_the_start()
    {
        _metrics.Counter("a_total", "A.", "kind", ["x", "y"], kind => kind == "y" ? 3 : 0);

        (await Scraped.FromAsync(_metrics)).Series("a_total").Should().Equal(new Dictionary<string, double> { ["a_total{kind=\"x\"}"] = 0, ["a_total{kind=\"y\"}"] = 3 });
    }

    [Fact]
    public async Task A_gauge_is_absent_while_nobody_knows_its_value()
    {
        double? value = null;
        _metrics.Gauge("a", "A.", () => value);
        (await Scraped.FromAsync(_metrics))["a"].Should().BeNull();

        value = 2.5;
        (await Scraped.FromAsync(_metrics))["a"].Should().Be(2.5);

        value = null;
        (await Scraped.FromAsync(_metrics))["a"].Should().BeNull();
    }

    [Fact]
    public async Task A_histogram_is_there_before_the_first_observation()
    {
        var observe = _metrics.Histogram("a_seconds", "A.", 0.1, 1);
        (await Scraped.FromAsync(_metrics))["a_seconds_count"].Should().Be(0);

        observe(0.5);

        var scrape = await Scraped.FromAsync(_metrics);
        (scrape["a_seconds_bucket{le=\"0.1\"}"], scrape["a_seconds_bucket{le=\"1\"}"], scrape["a_seconds_sum"]).Should().Be((0, 1, 0.5));
    }
}
