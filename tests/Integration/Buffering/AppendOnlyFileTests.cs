using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Buffering;

/// <summary>Whether Redis is asked to write its append-only file anew, by what it says of its last rewrite.</summary>
public sealed class AppendOnlyFileTests : IAsyncLifetime
{
    private const string NeverRewritten = "-1";

    private readonly LogKeys _keys = new("aof", 0);
    private RedisServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartNewAsync();
        await SettleAsync();
        await using var connection = await _server.ConnectAsync();
        await new RedisLog(connection.GetDatabase(), _keys).AppendAsync(
            null, new LogEntry(new LogEntryId(1_000, 0), "log", 0, 1, null, IsEnd: false, MayRepeat: false, new byte[] { 1 }), create: true, "epoch", []);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task While_Redis_runs_on_its_file_is_left_alone()
    {
        await SettleAsync();

        (await LastRewriteAsync()).Should().Be(NeverRewritten);
    }

    [Fact]
    public async Task After_a_crash_the_file_is_written_anew_before_the_log_goes_on()
    {
        await _server.KillAsync();
        await _server.StartAsync();

        await SettleAsync();

        (await LastRewriteAsync()).Should().NotBe(NeverRewritten);
    }

    private async Task SettleAsync()
    {
        await using var connection = await _server.ConnectAsync();
        await new AppendOnlyFile(connection.GetDatabase(), TimeProvider.System, NullLogger.Instance).SettleAsync(new RedisLog(connection.GetDatabase(), _keys), Token);
    }

    private async Task<string> LastRewriteAsync()
    {
        await using var connection = await _server.ConnectAsync();
        return (await RedisInfo.ReadAsync(connection.GetServers()[0], "persistence")).Field("aof_last_rewrite_time_sec");
    }
}
