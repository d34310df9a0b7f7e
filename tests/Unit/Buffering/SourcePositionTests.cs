using CsCheck;
using FluentAssertions;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering;

public sealed class SourcePositionTests
{
    [Fact]
    public void What_is_formatted_is_parsed_even_when_the_source_has_slashes() =>
        Gen.Select(Gen.String.Where(s => s.Length > 0), Gen.Long).Sample(
            (source, value) => SourcePosition.Parse(new SourcePosition(source, value).ToString()) == new SourcePosition(source, value), iter: 1_000);

    [Theory]
    [InlineData("")]
    [InlineData("/1")]
    [InlineData("mock")]
    [InlineData("mock/")]
    [InlineData("mock/x")]
    [InlineData("mock/1 ")]
    [InlineData("mock/99999999999999999999")]
    public void What_is_no_position_is_refused_with_its_text(string text) =>
        FluentActions.Invoking(() => SourcePosition.Parse(text)).Should().Throw<FormatException>().WithMessage($"'{text}'*source/value*");
}
