using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Buffering;
using Pipeline.Monitoring.Health;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.Health;

public sealed class SourceHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IngestStats _stats = new();
    private readonly TestSource _source = new();

    [Fact]
    public void A_source_that_sends_is_well()
    {
        _stats.SetReading(true);
        var health = Watch();
        _time.Advance(TimeSpan.FromMinutes(10));
        _stats.CountReceived(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(59));

        health.Look().Should().BeEmpty();
    }

    [Fact]
    public void One_without_a_connection_is_not()
    {
        _stats.SetReading(true);
        _source.IsConnected = false;

        Watch().Look().Should().ContainSingle().Which.Should().Match<Pipeline.Monitoring.Problem>(p => p.Part == "source" && p.Text.Contains("no connection"));
    }

    [Fact]
    public void Nor_one_that_is_silent()
    {
        _stats.SetReading(true);
        var health = Watch();
        _time.Advance(TimeSpan.FromSeconds(75));

        health.Look().Should().ContainSingle().Which.Text.Should().Be("Nothing has come from the source for 75 s.");
    }

    [Fact]
    public void One_that_does_not_keep_up_with_the_clock_may_be_silent()
    {
        _stats.SetReading(true);
        var health = new SourceHealth(new TestSource { FollowsClock = false }, _stats, _time);
        _time.Advance(TimeSpan.FromHours(1));

        health.Look().Should().BeEmpty();
    }

    [Fact]
    public void One_that_ends_is_never_late()
    {
        var health = new SourceHealth(new TestSource { IsLive = false }, _stats, _time);

        health.Look().Should().BeEmpty();
    }

    [Fact]
    public void One_that_is_left_alone_since_Redis_is_full_is_not_to_blame()
    {
        _source.IsConnected = false;
        _stats.SetHolding(true);

        Watch().Look().Should().BeEmpty();
    }

    private SourceHealth Watch() => new(_source, _stats, _time);
}
