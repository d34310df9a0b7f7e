using Pipeline.Buffering.Auditing;
using Pipeline.Tests.Harness;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Auditing;

/// <summary>A server of their own for the tests of one class, which run one after another and each put back what they change.</summary>
public sealed class AuditedRedis : IAsyncDisposable
{
    private RedisServer? _server;
    private ConnectionMultiplexer? _connection;

    // Not in InitializeAsync: without containers the tests are to be skipped, not to fail.
    internal async Task<IServer> ServerAsync()
    {
        _server ??= await RedisServer.StartNewAsync(new RedisServerOptions(Password: "sesame"));
        _connection ??= await _server.ConnectAsync();
        return _connection.GetServers().Single();
    }

    internal static async Task<AuditReport> AuditAsync(IServer server, AuditProfile profile = AuditProfile.Met27) =>
        AuditReport.Of(await new SnapshotReader(tls: false, loggedIn: true).ReadAsync(server), new AuditOptions(profile));

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}
