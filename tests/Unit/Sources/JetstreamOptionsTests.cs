using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class JetstreamOptionsTests
{
    [Theory]
    [InlineData("jetstream.example", "wss://jetstream.example/subscribe?wantedCollections=a.b.c&wantedCollections=d.e.%2A&cursor=1767225600000000")]
    [InlineData("jetstream.example:8443", "wss://jetstream.example:8443/subscribe?wantedCollections=a.b.c&wantedCollections=d.e.%2A&cursor=1767225600000000")]
    [InlineData("ws://127.0.0.1:81/", "ws://127.0.0.1:81/subscribe?wantedCollections=a.b.c&wantedCollections=d.e.%2A&cursor=1767225600000000")]
    [InlineData("wss://proxy/js/sub", "wss://proxy/js/sub?wantedCollections=a.b.c&wantedCollections=d.e.%2A&cursor=1767225600000000")]
    public void A_host_becomes_the_address_of_a_subscription(string host, string address) =>
        JetstreamAddress.Subscription(host, ["a.b.c", "d.e.*"], 1_767_225_600_000_000).AbsoluteUri.Should().Be(address);

    [Theory]
    [InlineData("http://example")]
    [InlineData("")]
    [InlineData("two words")]
    public void A_host_that_is_none_is_refused_by_name(string host) =>
        Refusal(new JetstreamOptions { Hosts = ["jetstream.example", host] }).Should().StartWith($"JetstreamOptions.Hosts is {host};");

    [Fact]
    public void Values_out_of_range_are_refused_by_name()
    {
        Refusal(new JetstreamOptions { Hosts = [] }).Should().StartWith("JetstreamOptions.Hosts is (empty);");
        Refusal(new JetstreamOptions { MaxEventBytes = 0 }).Should().Be("JetstreamOptions.MaxEventBytes is 0; use 1 or more.");
        Refusal(new JetstreamOptions { Rewind = TimeSpan.FromSeconds(-1) }).Should().StartWith("JetstreamOptions.Rewind is -00:00:01;");
        Refusal(new JetstreamOptions { ReconnectDelayMax = TimeSpan.Zero }).Should().StartWith("JetstreamOptions.ReconnectDelayMax is 00:00:00; use 00:00:01 or more");
        Refusal(new JetstreamOptions { Collections = new string[101] }).Should().StartWith("JetstreamOptions.Collections is 101 entries;");
    }

    [Fact]
    public void The_rewind_is_in_microseconds_as_positions_are() =>
        Source(new JetstreamOptions()).Rewind.Should().Be(10_000_000);

    private static JetstreamSource Source(JetstreamOptions options) => new(options, NullLogger<JetstreamSource>.Instance, new FakeTimeProvider());

    private static string Refusal(JetstreamOptions options) =>
        options.Invoking(o => Source(o)).Should().Throw<SourceException>().Which.Message;
}
