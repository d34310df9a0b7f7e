using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

public sealed class MockPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0.5)]
    [InlineData(343)]
    [InlineData(1234.5)]
    [InlineData(50_000)]
    public void The_rate_holds_to_the_event_however_unevenly_time_passes(double rate)
    {
        var pace = new MockPace(rate, _time);
        var taken = TakeAll(pace);
        var elapsed = TimeSpan.Zero;

        for (var step = 0; step < 500; step++)
        {
            var passed = TimeSpan.FromMicroseconds(1 + (step * 7_919 % 40_000));
            elapsed += passed;
            _time.Advance(passed);
            taken += TakeAll(pace);

            taken.Should().Be(1 + (long)(elapsed.TotalSeconds * rate));
        }
    }

    [Fact]
    public void A_reader_that_fell_behind_catches_up()
    {
        var pace = new MockPace(100, _time);
        _time.Advance(TimeSpan.FromSeconds(60));

        TakeAll(pace).Should().Be(6_001);
    }

    [Fact]
    public async Task A_reader_that_came_early_waits_for_its_event()
    {
        var pace = new MockPace(2, _time);
        pace.TryTake().Should().BeTrue();

        var taking = pace.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(499));
        taking.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(11));

        await taking.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var pace = new MockPace(1, _time);
        pace.TryTake();
        var taking = pace.TakeAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await taking.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>();
    }

    private static long TakeAll(MockPace pace)
    {
        var taken = 0L;
        while (pace.TryTake())
            taken++;
        return taken;
    }
}
