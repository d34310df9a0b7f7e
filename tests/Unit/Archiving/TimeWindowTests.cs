using CsCheck;
using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class TimeWindowTests
{
    private static readonly Gen<TimeSpan> _divisor =
        OddJson.OneOf([.. Enumerable.Range(1, 3_600).Where(s => 3_600 % s == 0).Select(s => TimeSpan.FromSeconds(s))]);

    private static readonly Gen<long> _ms = Gen.OneOf(Gen.Long[-10_000_000, 10_000_000], Gen.Long[1_577_836_800_000, 4_102_444_800_000]);

    [Fact]
    public void A_moment_lies_in_its_window_and_in_no_other() => Gen.Select(_ms, _divisor).Sample(
        (ms, length) =>
        {
            var window = TimeWindow.Containing(ms, length);
            var before = TimeWindow.Containing(window.StartMs - 1, length);
            var after = TimeWindow.Containing(window.EndMs, length);
            return window.Contains(ms) && !before.Contains(ms) && !after.Contains(ms) && before.EndMs == window.StartMs && after.StartMs == window.EndMs;
        },
        iter: 2_000);

    [Fact]
    public void Windows_are_aligned_to_the_hour_so_that_none_spans_two() => Gen.Select(_ms, _divisor).Sample(
        (ms, length) =>
        {
            var window = TimeWindow.Containing(ms, length);
            return window.EndMs - window.StartMs == (long)length.TotalMilliseconds && window.StartMs % (long)length.TotalMilliseconds == 0
                && Math.Floor(window.StartMs / 3_600_000.0) == Math.Floor((window.EndMs - 1) / 3_600_000.0);
        },
        iter: 2_000);

    [Fact]
    public void Every_moment_of_a_window_has_the_same_window() => Gen.Select(_ms, _divisor).Sample(
        (ms, length) =>
        {
            var window = TimeWindow.Containing(ms, length);
            return TimeWindow.Containing(window.StartMs, length) == window && TimeWindow.Containing(window.EndMs - 1, length) == window;
        });

    [Fact]
    public void Its_name_is_its_start_in_UTC() =>
        TimeWindow.Containing(TestLake.StartMs + 599_999, TimeSpan.FromMinutes(5)).Name.Should().Be("20260704T140500Z");
}
