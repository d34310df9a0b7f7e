using FluentAssertions;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>Queries of rules and panels are taken apart rightly: what they read, and what they would say if every condition held.</summary>
public sealed class PromQlTextTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("""up{job=~"pipeline.*"} == 0""", """up{job=~"pipeline.*"}""")]
    [InlineData("""sum by (job, le) (rate(a_bucket{cmd!~"x|{}|y"}[5m])) / 1e6 > 0.1""", """a_bucket{cmd!~"x|{}|y"}""")]
    [InlineData("time() - max by (job) (a > 0 or b) > 2.4 * max without (x) (c)", "a;b;c")]
    [InlineData("a and on (job, instance) b * ignoring (x) group_left (y) c unless d", "a;b;c;d")]
    [InlineData("max_over_time(rate(a[5m])[6h:5m]) offset 1h", "a")]
    [InlineData("label_replace(vector(1), \"a\", \"$1\", 'b', `c`)", "")]
    [InlineData("a + a # and b", "a")]
    [InlineData("""{__name__="a"} @ end()""", """{__name__="a"}""")]
    [InlineData("count_values('v', sum(a)) - -1.5e-3", "a")]
    public void What_a_query_reads_is_found(string query, string selectors) =>
        new PromQlText(query).Selectors.Should().Equal(selectors.Split(';', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("a == 0", "a == bool 0")]
    [InlineData("a > bool 0", "a > bool 0")]
    [InlineData("a >= on (x) b", "a >= bool on ( x ) b")]
    [InlineData("""a{b!="c"} unless d""", """a {b!="c"} and d""")]
    [InlineData("absent(a) or absent_over_time(a[5m])", "count ( a ) or count_over_time ( a [5m] )")]
    [InlineData("rate(a[5m]) / (b > 0)", "rate ( a [5m] ) / ( b > bool 0 )")]
    public void Conditions_are_answered_with_0_or_1(string query, string expected) => new PromQlText(query).Unconditional.Should().Be(expected);

    [Theory]
    [InlineData("a = 1")]
    [InlineData("a{b=\"c\"")]
    [InlineData("$x")]
    public void What_is_no_query_is_an_error(string query)
    {
        var read = () => new PromQlText(query);

        read.Should().Throw<FormatException>().WithMessage($"*{query}*");
    }
}
