using FluentAssertions;
using Pipeline.Scheduling;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class DatabaseTrustTests
{
    private readonly DatabaseTrust _trust = new();

    [Fact]
    public void It_is_tried_again_at_once_then_left_alone_and_looked_at_every_minute_at_the_latest()
    {
        var pauses = Enumerable.Range(0, 12).Select(_ => (Lost: _trust.Fails(), _trust.IsLost, Pause: _trust.Pause.TotalSeconds)).ToList();

        pauses.Select(p => p.Pause).Should().Equal(2, 2, 15, 30, 60, 60, 60, 60, 60, 60, 60, 60);
        pauses.Select(p => p.IsLost).Should().Equal(Enumerable.Range(1, 12).Select(n => n >= 3));
        pauses.Count(p => p.Lost).Should().Be(1, "that is said once");
    }

    [Fact]
    public void A_run_that_comes_due_from_it_makes_good_what_was()
    {
        _trust.IsDoubted.Should().BeFalse();
        for (var n = 0; n < 5; n++) _trust.Fails();

        _trust.Holds();

        (_trust.IsDoubted, _trust.IsLost, _trust.Pause).Should().Be((false, false, TimeSpan.FromSeconds(2)));
        (_trust.Fails(), _trust.IsDoubted, _trust.IsLost).Should().Be((false, true, false));
    }
}
