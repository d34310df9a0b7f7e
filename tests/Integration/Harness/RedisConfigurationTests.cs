using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Harness;

/// <summary>The server under test runs docker/redis/redis.conf, not some default.</summary>
public sealed class RedisConfigurationTests(RedisFixture redis)
{
    [Theory]
    [InlineData("maxmemory", "2147483648")]
    [InlineData("maxmemory-policy", "allkeys-lru")]
    [InlineData("appendonly", "yes")]
    [InlineData("appendfsync", "everysec")]
    [InlineData("stream-node-max-bytes", "262144")]
    [InlineData("stream-node-max-entries", "0")]
    public async Task A_setting_of_ours_is_in_force(string name, string value)
    {
        var settings = await redis.Connection.GetServers().Single().ConfigGetAsync(name);

        settings.Should().ContainSingle().Which.Value.Should().Be(value);
    }

    [Fact]
    public async Task The_data_directory_is_the_volume() =>
        (await redis.Connection.GetServers().Single().ConfigGetAsync("dir")).Single().Value.Should().Be("/data");
}
