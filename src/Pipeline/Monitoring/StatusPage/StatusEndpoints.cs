using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Monitoring.StatusPage;

/// <summary>Serves the status page and its feed.</summary>
internal static class StatusEndpoints
{
    public const string Feed = "/status/feed";

    // Everything comes from this program, and nothing is written into the page: whatever an event or a file is called, it stays text.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // A page that takes nothing for so long is gone, or might as well be.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public static void MapStatusPage(this IEndpointRouteBuilder endpoints, StatusFeed feed, TimeProvider time)
    {
        foreach (var resource in StatusResource.All) endpoints.MapGet(resource.Path, context => SendAsync(resource, context));
        endpoints.MapGet(Feed, context => TellAsync(feed, time, context));
    }

    private static async Task SendAsync(StatusResource resource, HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = resource.Tag;
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.Headers.IfNoneMatch == resource.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = resource.ContentType;
        context.Response.ContentLength = resource.Content.Length;
        await context.Response.Body.WriteAsync(resource.Content, context.RequestAborted);
    }

    private static async Task TellAsync(StatusFeed feed, TimeProvider time, HttpContext context)
    {
        using var visit = feed.TryJoin();
        if (visit is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"{StatusFeed.MaxPages} status pages are open, which is as many as there may be. Close one.\n", context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, feed.Stopping);
        try
        {
            while (true)
            {
                var picture = await visit.NextAsync(ended.Token);
                using var slow = new CancellationTokenSource(_patience, time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, slow.Token);
                await context.Response.Body.WriteAsync(picture, limit.Token);
                await context.Response.Body.FlushAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, the program ends, or the page is too slow: what is half sent must not look whole.
            context.Abort();
        }
    }
}
