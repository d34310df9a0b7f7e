using FluentAssertions;
using Pipeline.Tests.Load.Scenarios;
using Xunit;

namespace Pipeline.Tests.Load.Reports;

/// <summary>An excuse for a busy machine, and for nothing else.</summary>
public sealed class VerdictTests
{
    private static readonly Thresholds _own = new(P50Ms: 1, P95Ms: 5, P99Ms: 20);

    [Theory]
    [InlineData(4, 0.2, 0.001, false)] // on time
    [InlineData(9, 0.2, 0.001, true)]
    [InlineData(9, 0.6, 0.001, false)] // the process itself took the cores
    [InlineData(9, 0.2, 0.02, false)] // its collector held it up
    public void Latency_above_our_limits_is_excused_only_when_something_else_held_up_the_generator(double lateMs, double cpu, double paused, bool excused) =>
        Verdict.Of(_own, Result(p50: 6, lateMs, cpu, paused)).Passed.Should().Be(excused);

    [Fact]
    public void Latency_above_MET_27s_limits_has_no_excuse() => Verdict.Of(_own, Result(p50: 11, lateMs: 900, cpu: 0, paused: 0)).Missed.Should().ContainSingle().Which.Should().Contain("P50");

    [Fact]
    public void An_engine_that_does_not_tell_its_lateness_has_no_excuse() => Verdict.Of(_own, Result(p50: 6, lateMs: null, cpu: 0, paused: 0)).Passed.Should().BeFalse();

    private static LoadResult Result(double p50, double? lateMs, double cpu, double paused) => new(
        "test", 1000, 1000, 0, 100, TimeSpan.FromSeconds(10), Of(p50), lateMs is { } late ? Of(late) : null, new OwnLoad(cpu, paused), [], null);

    private static Latency Of(double ms) => new(ms, ms, ms, ms, ms, ms);
}
