using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Monitoring;
using Pipeline.Monitoring.StatusPage;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>What the server answers, without a browser.</summary>
public sealed class StatusServingTests
{
    private static readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_may_load_nothing_from_elsewhere_and_run_nothing_that_is_written_into_it()
    {
        await using var server = await PageServer.StartAsync(MadeUp.Well, Cancellation);
        using var answer = await _client.GetAsync(server.Address, Cancellation);

        answer.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.Should().StartWith("default-src 'none';").And.NotContain("unsafe").And.NotContain("http").And.NotContain("*");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        var sources = StatusResource.All.Where(r => !r.Path.EndsWith(".svg", StringComparison.Ordinal)).Select(r => Encoding.UTF8.GetString(r.Content)).ToList();
        sources.Should().HaveCountGreaterThan(5).And.OnlyContain(s => !s.Contains("://") || s.Contains("http://www.w3.org/2000/svg"));
        sources.Should().OnlyContain(s => !s.Contains("innerHTML") && !s.Contains("style="));
    }

    [Fact]
    public async Task Every_part_is_served_and_not_sent_again_while_it_is_the_same()
    {
        await using var server = await PageServer.StartAsync(MadeUp.Well, Cancellation);
        StatusResource.All.Should().HaveCountGreaterThan(6);
        foreach (var part in StatusResource.All)
        {
            using var answer = await _client.GetAsync(new Uri(server.Address, part.Path), Cancellation);
            (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Should().Equal(part.Content);
            using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, part.Path));
            question.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            using var same = await _client.SendAsync(question, Cancellation);
            same.StatusCode.Should().Be(HttpStatusCode.NotModified, part.Path);
        }
    }

    [Fact]
    public async Task One_page_too_many_is_refused_until_one_is_closed()
    {
        await using var server = await PageServer.StartAsync(MadeUp.Well, Cancellation);
        var feed = new Uri(server.Address, StatusEndpoints.Feed);
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < StatusFeed.MaxPages; i++) open.Add(await _client.GetAsync(feed, HttpCompletionOption.ResponseHeadersRead, Cancellation));
        open.Should().OnlyContain(r => r.StatusCode == HttpStatusCode.OK && r.Content.Headers.ContentType!.MediaType == "text/event-stream");

        using (var refused = await _client.GetAsync(feed, HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        }

        open.ForEach(r => r.Dispose());
        await Eventually.TrueAsync("the places to be given back", () => server.Pages == 0);
        using var admitted = await _client.GetAsync(feed, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        admitted.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_page_that_takes_nothing_is_dropped()
    {
        // Large pictures, so that what lies between the two is full soon.
        var text = new string('x', 1_000_000);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await PageServer.StartAsync(
            () => MadeUp.Well() with { Time = time.GetUtcNow(), Problems = [new Problem("test", text, text)] }, Cancellation, time: time);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Cancellation);
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET {StatusEndpoints.Feed} HTTP/1.1\r\nHost: localhost\r\n\r\n"), Cancellation);
        await Eventually.TrueAsync("the page to join", () => server.Pages == 1);

        await Eventually.TrueAsync(
            "the page to be dropped",
            () =>
            {
                time.Advance(StatusFeed.Interval);
                return server.Pages == 0;
            },
            Deadlines.Recovery);
    }
}
