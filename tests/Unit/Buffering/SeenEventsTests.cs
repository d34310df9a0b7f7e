using CsCheck;
using FluentAssertions;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class SeenEventsTests
{
    private static readonly Gen<(UInt128 Identity, long Step)[]> _stream =
        Gen.Select(Gen.UInt[0, 20].Select(i => (UInt128)i), Gen.Frequency((4, Gen.Const(0L)), (1, Gen.Long[1, 20]))).Array[0, 200];

    [Fact]
    public void An_event_is_new_once() => Remember(60, (1, 0), (1, 0), (2, 0), (1, 60)).Should().Equal(true, false, true, false);

    [Fact]
    public void It_never_forgets_before_the_look_back_is_over() => Gen.Select(Gen.Long[0, 30], _stream).Sample(
        (lookBack, stream) =>
        {
            var seen = new SeenEvents(lookBack);
            var added = new Dictionary<UInt128, long>();
            var second = 1_000L;
            foreach (var (identity, step) in stream)
            {
                second += step;
                var isDue = added.TryGetValue(identity, out var at) && at >= second - lookBack;
                if (isDue && !seen.Contains(identity)) return false;
                var isNew = seen.Add(identity, second);
                if (isDue && isNew) return false;
                if (isNew) added[identity] = second;
            }

            return true;
        },
        iter: 2_000);

    [Fact]
    public void What_is_older_than_the_look_back_is_forgotten_with_the_next_new_event()
    {
        var seen = new SeenEvents(10);
        seen.Add(1, 100);
        seen.Add(2, 110);
        seen.Contains(1).Should().BeTrue();

        seen.Add(3, 111);

        (seen.Contains(1), seen.Contains(2), seen.Count).Should().Be((false, true, 2));
        seen.Add(1, 111).Should().BeTrue();
    }

    [Fact]
    public void However_many_events_a_second_has_it_holds_only_so_many()
    {
        var seen = new SeenEvents(1_000);
        for (var i = 0; i < SeenEvents.Capacity + 100; i++) seen.Add((UInt128)i, 5);

        seen.Count.Should().Be(SeenEvents.Capacity);
        (seen.Contains(99), seen.Contains(100)).Should().Be((false, true), "the oldest go first");
    }

    private static List<bool> Remember(long lookBack, params (int Identity, long Second)[] events)
    {
        var seen = new SeenEvents(lookBack);
        return [.. events.Select(e => seen.Add((UInt128)e.Identity, e.Second))];
    }
}
