using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pipeline.Monitoring;

/// <summary>The HTTP server of a program: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>, and what its verb adds.</summary>
public sealed class MonitoringServer : IAsyncDisposable
{
    private static readonly TimeSpan _stopWithin = TimeSpan.FromSeconds(1);

    private readonly WebApplication _application;

    private MonitoringServer(WebApplication application)
    {
        _application = application;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = new Uri(addresses!.Addresses.First());
    }

    /// <summary>Where the server listens, with the port that it was given.</summary>
    public Uri Address { get; }

    /// <summary>Starts to answer.</summary>
    /// <param name="address">Port 0 for any that is free.</param>
    /// <param name="endpoints">Adds what only this program has.</param>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<MonitoringServer> StartAsync(
        IPEndPoint address, MetricsRegistry metrics, HealthCheck health, Action<IEndpointRouteBuilder>? endpoints, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // Empty: no configuration files, variables or log of its own, and Ctrl-C stays the program's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(address);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var application = builder.Build();
        application.UseRouting();
        application.MapGet("/metrics", context => WriteMetricsAsync(context, metrics));
        application.MapGet("/healthz", context => WriteTextAsync(context, StatusCodes.Status200OK, "alive\n"));
        application.MapGet("/readyz", context => WriteReadyAsync(context, health.Look()));
        endpoints?.Invoke(application);
        try
        {
            await application.StartAsync(cancellationToken);
            return new MonitoringServer(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_stopWithin);
        try
        {
            await _application.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // A client that keeps its connection is cut off.
        }

        await _application.DisposeAsync();
    }

    private static async Task WriteMetricsAsync(HttpContext context, MetricsRegistry metrics)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task WriteReadyAsync(HttpContext context, HealthReport report) => report.IsReady
        ? WriteTextAsync(context, StatusCodes.Status200OK, "ready\n")
        : WriteTextAsync(
            context, StatusCodes.Status503ServiceUnavailable, string.Concat(report.Problems.Select(p => $"{p.Part}: {p.Text} {p.Advice}\n")));

    private static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>The server starts and stops with its program, not with signals of its own.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
