using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

public sealed class MonitoringServerTests
{
    private static readonly IPEndPoint _anyPort = new(IPAddress.Loopback, 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_are_served_as_Prometheus_reads_them()
    {
        var metrics = new MetricsRegistry("run");
        metrics.Counter("test_total", "A test.", () => 7);
        await using var server = await StartAsync(metrics: metrics);
        using var client = new HttpClient { BaseAddress = server.Address };

        using var answer = await client.GetAsync("metrics", Token);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
        (await answer.Content.ReadAsStringAsync(Token)).Should()
            .Contain("# HELP test_total A test.\n# TYPE test_total counter\ntest_total 7\n").And
            .Contain($"pipeline_build_info{{version=\"{MetricsRegistry.Version}\",verb=\"run\"}} 1\n").And
            .Contain("process_cpu_seconds_total ");
    }

    [Fact]
    public async Task A_program_that_does_its_work_is_alive_and_ready()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };

        (await client.GetStringAsync("healthz", Token)).Should().Be("alive\n");
        (await client.GetStringAsync("readyz", Token)).Should().Be("ready\n");
    }

    [Fact]
    public async Task A_program_with_problems_is_alive_and_says_them_one_a_line()
    {
        var health = new HealthCheck(TimeProvider.System);
        health.Add(() => [new Problem("buffer", "Redis does not answer.", "Start it.")]);
        health.Add(() => [new Problem("lake", "The disk is full.", "Make room.")]);
        await using var server = await StartAsync(health: health);
        using var client = new HttpClient { BaseAddress = server.Address };

        using var answer = await client.GetAsync("readyz", Token);

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Be("buffer: Redis does not answer. Start it.\nlake: The disk is full. Make room.\n");
        (await client.GetStringAsync("healthz", Token)).Should().Be("alive\n");
    }

    [Fact]
    public async Task A_verb_adds_what_only_it_has()
    {
        await using var server = await MonitoringServer.StartAsync(
            _anyPort, new MetricsRegistry("run"), new HealthCheck(TimeProvider.System), routes => routes.MapGet("/", context => context.Response.WriteAsync("hello")),
            NullLoggerFactory.Instance, Token);
        using var client = new HttpClient { BaseAddress = server.Address };

        (await client.GetStringAsync("", Token)).Should().Be("hello");
        (await client.GetAsync("elsewhere", Token)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_an_error()
    {
        await using var first = await StartAsync();
        var start = () => MonitoringServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, first.Address.Port), new MetricsRegistry("run"), new HealthCheck(TimeProvider.System), null, NullLoggerFactory.Instance, Token);

        await start.Should().ThrowAsync<IOException>();
    }

    private static Task<MonitoringServer> StartAsync(MetricsRegistry? metrics = null, HealthCheck? health = null) => MonitoringServer.StartAsync(
        _anyPort, metrics ?? new MetricsRegistry("run"), health ?? new HealthCheck(TimeProvider.System), null, NullLoggerFactory.Instance, Token);
}
