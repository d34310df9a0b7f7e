using FluentAssertions;
using Pipeline.Commands;
using Xunit;

namespace Pipeline.Tests.Unit.Commands;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("9464", "127.0.0.1:9464")]
    [InlineData("0", "127.0.0.1:0")]
    [InlineData("localhost:9464", "127.0.0.1:9464")]
    [InlineData("127.0.0.1:9464", "127.0.0.1:9464")]
    [InlineData("0.0.0.0:9464", "0.0.0.0:9464")]
    [InlineData("[::1]:9464", "[::1]:9464")]
    public void A_host_and_a_port_or_a_port_alone_is_an_address(string text, string address) => ListenAddress.Parse(text)!.ToString().Should().Be(address);

    [Theory]
    [InlineData("")]
    [InlineData("here")]
    [InlineData(":9464")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:9464")]
    [InlineData("[here]:9464")]
    [InlineData("http://127.0.0.1:9464")]
    public void Nothing_else_is(string text) => ListenAddress.Parse(text).Should().BeNull();
}
