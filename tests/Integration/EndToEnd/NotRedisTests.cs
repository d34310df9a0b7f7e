using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>What is at the address where Redis should be, and is none of ours, is called by its name.</summary>
public sealed class NotRedisTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var client in _clients) client.Dispose();
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "is a web server and no Redis")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "is no Redis but another program")]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", "is still loading its data")]
    [InlineData("", "hangs up at once: if its port is one with TLS, begin the address with rediss://")]
    [InlineData(null, "takes the connection and says nothing")]
    public async Task Another_program_is_recognised(string? answer, string message)
    {
        _listener.Start();
        var serving = ServeAsync(answer);
        using var program = PipelineProgram.Start(["peek", "--redis", $"{_listener.LocalEndpoint},connectTimeout=500,connectRetry=1"]);

        (await program.ExitCodeAsync(Token)).Should().Be(3);
        (await program.ErrorAsync()).Should().Contain($"pipeline: Redis at {_listener.LocalEndpoint} {message}");
        _listener.Stop();
        await FluentActions.Awaiting(() => serving).Should().ThrowAsync<SocketException>();
    }

    [Theory]
    [InlineData("audit", 130)]
    [InlineData("peek", 0)]
    public async Task A_verb_that_judges_has_not_judged_when_it_is_interrupted(string verb, int code)
    {
        _listener.Start();
        using var program = PipelineProgram.Start([verb, "--redis", $"{_listener.LocalEndpoint}"]);
        using var client = await _listener.AcceptTcpClientAsync(Token);
        program.Send("INT");

        (await program.ExitCodeAsync(Token)).Should().Be(code, await program.OutputAsync());
    }

    [Fact]
    public async Task A_user_that_may_do_next_to_nothing_is_not_taken_for_a_Redis_that_is_away()
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.RunAsync("redis-cli", "ACL", "SETUSER", "weak", "on", ">sesame", "+ping");
        using var program = PipelineProgram.Start(["peek", "--redis", $"redis://weak:sesame@{server.Host}:{server.Port}"]);

        (await program.ExitCodeAsync(Token)).Should().Be(3);
        (await program.ErrorAsync()).Trim().Should().Contain("refuses user 'weak' what a connection begins with").And.NotContain("sesame").And.NotContain("\n");
    }

    private async Task ServeAsync(string? answer)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(Token);
            _clients.Add(client);
            if (answer is null) continue;
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Token);
            client.Client.Shutdown(SocketShutdown.Send);
            if (answer.Length == 0) client.Dispose();
        }
    }
}
