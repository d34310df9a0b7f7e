using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Monitoring;
using Pipeline.Monitoring.StatusPage;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>Serves the page as <c>run</c> does, of a pipeline that is made up.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly MonitoringServer _server;
    private readonly StatusFeed _feed;

    private PageServer(MonitoringServer server, StatusFeed feed) => (_server, _feed) = (server, feed);

    public Uri Address => _server.Address;

    public int Pages => _feed.Pages;

    public static async Task<PageServer> StartAsync(Func<StatusReading> read, CancellationToken cancellationToken, int port = 0, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var feed = new StatusFeed(MadeUp.Program, read, time, NullLogger<StatusFeed>.Instance);
        var server = await MonitoringServer.StartAsync(
            new IPEndPoint(IPAddress.Loopback, port), new MetricsRegistry("run"), new HealthCheck(time), endpoints => endpoints.MapStatusPage(feed, time),
            NullLoggerFactory.Instance, cancellationToken);
        return new PageServer(server, feed);
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _server.DisposeAsync();
    }
}
