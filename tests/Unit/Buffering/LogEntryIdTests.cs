using CsCheck;
using FluentAssertions;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class LogEntryIdTests
{
    private static readonly Gen<long> _number = Gen.OneOf(Gen.Long[0, 3], Gen.Long[0, long.MaxValue - 1]);

    private static readonly Gen<LogEntryId> _id = Gen.Select(_number, _number).Select((ms, seq) => new LogEntryId(ms, seq));

    [Fact]
    public void The_next_id_is_always_greater_whatever_the_clock_says() =>
        Gen.Select(_id, Gen.Long).Sample((id, ms) => id.Next(ms) > id && id.Next(ms).Ms == Math.Max(id.Ms, ms), iter: 2_000);

    [Fact]
    public void Time_counts_before_the_number() => Gen.Select(_id, _id).Sample(
        (a, b) =>
        {
            var order = (a.Ms, a.Seq).CompareTo((b.Ms, b.Seq));
            return Math.Sign(a.CompareTo(b)) == order && a < b == order < 0 && a > b == order > 0 && a <= b == order <= 0 && a >= b == order >= 0;
        },
        iter: 2_000);

    [Fact]
    public void What_is_formatted_is_parsed() => _id.Sample(id => LogEntryId.Parse(id.ToString()) == id, iter: 1_000);

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("1--1")]
    [InlineData("-1-1")]
    [InlineData("1-1-1")]
    [InlineData(" 1-1")]
    [InlineData("0x1-1")]
    [InlineData("1,0-1")]
    [InlineData("99999999999999999999-0")]
    public void What_is_no_id_is_refused_with_its_text(string text) =>
        FluentActions.Invoking(() => LogEntryId.Parse(text)).Should().Throw<FormatException>().WithMessage($"'{text}'*");

    [Fact]
    public void Zero_is_before_every_entry()
    {
        LogEntryId.Zero.Next(0).Should().Be(new LogEntryId(0, 1));
        _id.Sample(id => LogEntryId.Zero <= id);
        new LogEntryId(1_999, 5).Second.Should().Be(1);
    }
}
