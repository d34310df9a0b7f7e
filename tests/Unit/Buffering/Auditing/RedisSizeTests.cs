using FluentAssertions;
using Pipeline.Buffering.Auditing;
using Xunit;

namespace Pipeline.Tests.Unit.Buffering.Auditing;

public sealed class RedisSizeTests
{
    [Theory]
    [InlineData("2gb", "2147483648")]
    [InlineData("2GB", "2147483648")]
    [InlineData("64mb", "67108864")]
    [InlineData("1kb", "1024")]
    [InlineData("1k", "1000")]
    [InlineData("2g", "2000000000")]
    [InlineData("100b", "100")]
    [InlineData("2147483648", "2147483648")]
    [InlineData("allkeys-lru", "allkeys-lru")]
    [InlineData("YES", "yes")]
    [InlineData("9999999999gb", "9999999999gb")]
    public void Values_compare_in_bytes_and_small_letters(string text, string normal) => RedisSize.Normalise(text).Should().Be(normal);

    [Theory]
    [InlineData("2147483648", "2gb")]
    [InlineData("67108864", "64mb")]
    [InlineData("65536", "64kb")]
    [InlineData("100", "100")]
    [InlineData("2147483647", "2147483647")]
    [InlineData("0", "0")]
    [InlineData("allkeys-lru", "allkeys-lru")]
    public void Round_sizes_are_shown_short(string value, string shown) => RedisSize.Shorten(value).Should().Be(shown);
}
