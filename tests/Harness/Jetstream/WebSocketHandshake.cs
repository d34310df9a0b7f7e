using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>Accepts a WebSocket and keeps hold of its stream, so that frames can be broken on purpose.</summary>
internal static class WebSocketHandshake
{
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 asks for SHA-1.")]
    public static async Task<(WebSocket Socket, Stream Stream)> AcceptAsync(HttpContext context, FakeJetstreamOptions options)
    {
        var key = context.Request.Headers.SecWebSocketKey.ToString();
        var accept = SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(accept);
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = options.PingInterval ?? Timeout.InfiniteTimeSpan,
            KeepAliveTimeout = options.PingInterval is null ? Timeout.InfiniteTimeSpan : options.PongTimeout,
        });
        return (socket, stream);
    }
}
