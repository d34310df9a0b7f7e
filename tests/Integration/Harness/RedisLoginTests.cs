using FluentAssertions;
using Pipeline.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Harness;

public sealed class RedisLoginTests
{
    [Fact]
    public async Task The_right_password_is_accepted_and_a_wrong_or_missing_one_refused()
    {
        await using var server = await RedisServer.StartNewAsync(new(Password: "let-me-in"));

        await using var connection = await server.ConnectAsync();
        (await connection.GetDatabase().PingAsync()).Should().BePositive();
        server.ConnectionString.Should().Contain("password=let-me-in");
        foreach (var wrong in new[] { "guess", null })
        {
            var connect = async () => await server.ConnectAsync(settings => (settings.Password, settings.ConnectTimeout, settings.ConnectRetry) = (wrong, 1000, 1));
            await connect.Should().ThrowAsync<RedisConnectionException>();
        }
    }

    [Fact]
    public async Task A_user_may_do_what_its_rules_say_and_no_more()
    {
        await using var server = await RedisServer.StartNewAsync(
            new(Password: "admin-only", AclUser: new("writer", "let-me-in", "~events* +ping +client +info +xadd +echo")));
        await using var connection = await server.ConnectAsync();
        var database = connection.GetDatabase();

        (await database.StreamAddAsync("events", "data", "x")).IsNull.Should().BeFalse();
        var read = async () => await database.StreamRangeAsync("events");
        (await read.Should().ThrowAsync<RedisServerException>()).WithMessage("NOPERM*");
        var elsewhere = async () => await database.StreamAddAsync("other", "data", "x");
        (await elsewhere.Should().ThrowAsync<RedisServerException>()).WithMessage("NOPERM*");
    }
}
