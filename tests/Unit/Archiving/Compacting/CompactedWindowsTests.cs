using CsCheck;
using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Compacting;

public sealed class CompactedWindowsTests
{
    [Fact]
    public void They_are_read_as_they_were_written() => Gen.Dictionary(Gen.Long, Gen.Long[0, long.MaxValue])[1, 40].Sample(
        rows => CompactedWindows.Parse(new CompactedWindows(rows).ToString())!.Rows.OrderBy(w => w.Key).SequenceEqual(rows.OrderBy(w => w.Key)));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:2:3")]
    [InlineData("1:-2")]
    [InlineData("1:2,")]
    [InlineData("1:2,1:3")]
    [InlineData("a:1")]
    public void Anything_else_is_none(string text) => CompactedWindows.Parse(text).Should().BeNull();
}
