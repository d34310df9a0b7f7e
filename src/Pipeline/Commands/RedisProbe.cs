using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>Finds out what is at an address that could not be connected to: StackExchange.Redis says only that it could not.</summary>
internal static class RedisProbe
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong and what to do, to follow "Redis at ...".</summary>
    public static async Task<string> ExplainAsync(ConfigurationOptions options)
    {
        using var client = new TcpClient();
        try
        {
            using var limit = new CancellationTokenSource(_patience);
            await ConnectAsync(client, options.EndPoints[0], limit.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or NotSupportedException)
        {
            return $"does not answer{(e is SocketException socket ? $" ({socket.Message})" : "")}: start it, or say where it is";
        }

        if (options.Ssl) return "does not answer as it should: is it a Redis, and the right port?";
        try
        {
            using var limit = new CancellationTokenSource(_patience);
            return Explain(await AskAsync(client.GetStream(), limit.Token), options);
        }
        catch (OperationCanceledException)
        {
            return "takes the connection and says nothing: does it hang, or is the port another program's?";
        }
        catch (IOException)
        {
            return Explain("", options);
        }
    }

    private static string Explain(string answer, ConfigurationOptions options)
    {
        if (answer.Length == 0) return "hangs up at once: if its port is one with TLS, begin the address with rediss://; if it is no Redis, say where Redis is";
        if (answer.StartsWith("HTTP/", StringComparison.Ordinal)) return "is a web server and no Redis: say where Redis is";
        if (answer.StartsWith("-LOADING", StringComparison.Ordinal)) return "is still loading its data: start this again when it is ready";
        if (answer[0] is not ('+' or '-')) return "is no Redis but another program: say where Redis is";
        return options.User is { } user
            ? $"refuses user '{user}' what a connection begins with; docker/redis/users.acl.template has the rights of each verb and log"
            : "answers, but not to all that a connection begins with: is it a Redis, and not a proxy or one that renames its commands?";
    }

    private static async Task ConnectAsync(TcpClient client, EndPoint address, CancellationToken cancellationToken)
    {
        switch (address)
        {
            case DnsEndPoint name:
                await client.ConnectAsync(name.Host, name.Port, cancellationToken);
                break;
            case IPEndPoint ip:
                await client.ConnectAsync(ip, cancellationToken);
                break;
            default:
                throw new NotSupportedException();
        }
    }

    private static async Task<string> AskAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var answer = new byte[64];
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        return Encoding.ASCII.GetString(answer, 0, await stream.ReadAsync(answer, cancellationToken));
    }
}
