using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Harness;

/// <summary>
/// One Redis for the assembly; isolation comes from a fresh key per test, so tests run in parallel. Not for breaking: a test that kills,
/// pauses or fills its Redis starts a <see cref="RedisServer"/> of its own.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;
    private ConnectionMultiplexer? _connection;
    private ContainersUnavailableException? _unavailable;

    /// <exception cref="ContainersUnavailableException"/>
    public RedisServer Server => Started(_server);

    /// <summary>Shared by all tests; dispose connections of your own only.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public IConnectionMultiplexer Connection => Started(_connection);

    /// <exception cref="ContainersUnavailableException"/>
    public IDatabase Database => Connection.GetDatabase();

    /// <exception cref="ContainersUnavailableException"/>
    public string ConnectionString => Server.ConnectionString;

    /// <summary>A key no other test uses, recognisable in the server.</summary>
    public static RedisKey NewKey([CallerMemberName] string test = "") => $"{test}:{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        try
        {
            _server = await RedisServer.StartNewAsync();
            _connection = await _server.ConnectAsync();
        }
        catch (ContainersUnavailableException exception)
        {
            // Kept for the tests: thrown from here it would fail those that need no Redis, and skip none.
            _unavailable = exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private T Started<T>(T? value) where T : class =>
        value ?? throw _unavailable as Exception ?? new InvalidOperationException("RedisFixture was not initialised: is it an assembly fixture?");
}
