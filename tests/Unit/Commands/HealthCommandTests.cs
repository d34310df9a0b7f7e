using System.CommandLine;
using System.Net;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Commands;
using Pipeline.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Commands;

/// <summary>What a container's health check runs.</summary>
public sealed class HealthCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("healthz", false, ExitCode.Ok)]
    [InlineData("readyz", false, ExitCode.Ok)]
    [InlineData("healthz", true, ExitCode.Ok)]
    [InlineData("readyz", true, ExitCode.Findings)]
    public async Task The_exit_code_tells(string path, bool problem, int expected)
    {
        var health = new HealthCheck(TimeProvider.System);
        health.Add(() => problem ? [new Problem("buffer", "Redis does not answer.", "Start it.")] : []);
        await using var server = await MonitoringServer.StartAsync(
            new(IPAddress.Loopback, 0), new MetricsRegistry("run"), health, endpoints: null, NullLoggerFactory.Instance, Token);

        (await AskAsync(new Uri(server.Address, path).AbsoluteUri)).Should().Be(expected);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_to_be_silent()
    {
        var ask = () => AskAsync("http://127.0.0.1:1/readyz");

        (await ask.Should().ThrowAsync<EnvironmentException>()).WithMessage("http://127.0.0.1:1/readyz does not answer (*--listen*");
    }

    [Theory]
    [InlineData("127.0.0.1:9464")]
    [InlineData("file:///etc/passwd")]
    public async Task What_is_no_address_is_refused(string url)
    {
        var ask = () => AskAsync(url);

        (await ask.Should().ThrowAsync<UsageException>()).WithMessage($"--url is '{url}'*");
    }

    private static Task<int> AskAsync(string url) =>
        HealthCommand.Create().Parse(["--url", url]).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Token);
}
