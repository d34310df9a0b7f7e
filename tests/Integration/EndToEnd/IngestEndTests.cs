using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>When <c>ingest</c> has ended, nobody reads its source again: what Redis has then should be there after a power cut as well.</summary>
public sealed class IngestEndTests
{
    private const string Doubt = "may not be on the disk of Redis yet";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_returns_when_the_log_is_on_the_disk()
    {
        await using var server = await RedisServer.StartNewAsync();

        var said = await IngestAsync(server);

        said.Should().NotContain(Doubt);
        await using var connection = await server.ConnectAsync();
        var calls = (string?)await connection.GetDatabase().ExecuteAsync("INFO", "commandstats");
        calls.Should().MatchRegex(@"cmdstat_waitaof:calls=1,.*failed_calls=0");
    }

    [Theory]
    [InlineData("appendonly is disabled", "--appendonly", "no")]
    [InlineData("unknown command", "--rename-command", "WAITAOF", "")]
    [InlineData("`ingest` again", "--appendfsync", "no")]
    public async Task A_Redis_that_cannot_say_so_is_warned_of(string why, params string[] arguments)
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions(ExtraArgs: arguments));

        (await IngestAsync(server)).Should().Contain(Doubt).And.Contain(why);
    }

    private static async Task<string> IngestAsync(RedisServer server)
    {
        using var ingest = PipelineProgram.Start(["ingest", "--source", "mock", "--events", "500", "--redis", server.ConnectionString]);
        (await ingest.ExitCodeAsync(Token)).Should().Be(0, await ingest.OutputAsync());
        return await ingest.ErrorAsync();
    }
}
