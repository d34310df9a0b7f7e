using FluentAssertions;
using Pipeline.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Harness;

/// <summary>The faults other tests rely on are real: each is seen from a client's side, too.</summary>
public sealed class RedisServerTests
{
    [Fact]
    public async Task A_killed_server_comes_back_at_its_address_with_what_was_on_disk()
    {
        await using var server = await RedisServer.StartNewAsync();
        var address = server.ConnectionString;
        await using (var before = await server.ConnectAsync())
        {
            await before.GetDatabase().StreamAddAsync("events", "data", "kept");
            await Eventually.TrueAsync("Redis to write its append-only file", () => IsWrittenAsync(before));
        }

        await server.KillAsync();
        var connect = async () => await server.ConnectAsync(settings => settings.ConnectTimeout = 1000);
        await connect.Should().ThrowAsync<RedisConnectionException>();
        await server.StartAsync();

        server.ConnectionString.Should().Be(address);
        await using var after = await server.ConnectAsync();
        (await after.GetDatabase().StreamRangeAsync("events")).Should().ContainSingle().Which["data"].Should().Be((RedisValue)"kept");
    }

    [Fact]
    public async Task A_paused_server_answers_nothing_until_it_goes_on()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await server.ConnectAsync(settings => settings.AsyncTimeout = 60_000);
        await connection.GetDatabase().StringSetAsync("key", "before");

        await server.PauseAsync();
        var read = connection.GetDatabase().StringGetAsync("key");
        var wait = async () => await read.WaitAsync(Deadlines.Blocked, TestContext.Current.CancellationToken);
        await wait.Should().ThrowAsync<TimeoutException>();
        await server.UnpauseAsync();

        (await read).Should().Be((RedisValue)"before");
    }

    [Fact]
    public async Task A_restarted_server_keeps_address_and_data()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var connection = await server.ConnectAsync();
        await connection.GetDatabase().StringSetAsync("key", "value");

        await server.RestartAsync();

        (await Eventually.GetAsync("the old connection to work again", () => connection.GetDatabase().StringGetAsync("key"), value => !value.IsNull))
            .Should().Be((RedisValue)"value");
    }

    [Fact]
    public async Task A_paused_server_can_be_disposed()
    {
        var server = await RedisServer.StartNewAsync();
        await server.PauseAsync();

        await server.DisposeAsync();

        var inspect = async () => await ContainerEngine.Client.Containers.InspectContainerAsync(server.ContainerId, TestContext.Current.CancellationToken);
        await inspect.Should().ThrowAsync<Docker.DotNet.DockerContainerNotFoundException>();
    }

    [Fact]
    public async Task Options_override_the_configuration_file()
    {
        await using var server = await RedisServer.StartNewAsync(new(MaxMemory: "64mb", ExtraArgs: ["--maxmemory-policy", "noeviction"]));
        await using var connection = await server.ConnectAsync();

        var settings = connection.GetServers().Single();
        (await settings.ConfigGetAsync("maxmemory")).Single().Value.Should().Be($"{64 * 1024 * 1024}");
        (await settings.ConfigGetAsync("maxmemory-policy")).Single().Value.Should().Be("noeviction");
    }

    // A killed process keeps what it has handed to the kernel; behind a slow fsync Redis may answer before it does.
    private static async Task<bool> IsWrittenAsync(ConnectionMultiplexer connection) =>
        (await connection.GetServers().Single().InfoAsync("persistence")).Single().Single(pair => pair.Key == "aof_buffer_length").Value == "0";
}
