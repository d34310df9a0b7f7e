using CsCheck;
using FluentAssertions;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class PositionFilterTests
{
    [Fact]
    public void Before_the_first_event_there_is_no_position() => new PositionFilter().Position.Should().BeNull();

    [Fact]
    public void It_is_the_lower_median_of_the_last_fifteen() => Gen.Long.Array[1, 60].Sample(
        times =>
        {
            var last = times.TakeLast(15).Order().ToList();
            return Filter(times).Position == last[(last.Count - 1) / 2];
        },
        iter: 1_000);

    [Fact]
    public void Seven_events_out_of_time_move_it_nowhere()
    {
        var times = Enumerable.Range(100, 15).Select(t => (long)t);

        Filter([.. times, .. Enumerable.Repeat(long.MaxValue, 7)]).Position.Should().BeInRange(100, 114);
        Filter([.. times, .. Enumerable.Repeat(long.MinValue, 7)]).Position.Should().BeInRange(100, 114);
    }

    [Fact(Explicit = true)]
    public void It_outlives_as_many_events_as_an_int_can_count()
    {
        var filter = new PositionFilter();
        for (var i = 0L; i < int.MaxValue + 20L; i++) filter.Add(i);
        filter.Position.Should().Be(int.MaxValue + 12L);
    }

    private static PositionFilter Filter(IEnumerable<long> times)
    {
        var filter = new PositionFilter();
        foreach (var time in times) filter.Add(time);
        return filter;
    }
}
