using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Pipeline.Buffering.Auditing;

/// <summary>Asks a server for everything the audit looks at. Passwords are looked at, never kept.</summary>
/// <param name="tls">Whether the connection is encrypted.</param>
/// <param name="loggedIn">Whether the connection has given a password.</param>
internal sealed class SnapshotReader(bool tls, bool loggedIn)
{
    /// <exception cref="RedisServerException">The server refuses INFO, without which there is nothing to say.</exception>
    public async Task<ServerSnapshot> ReadAsync(IServer server)
    {
        var info = RedisInfo.Fields(await server.InfoRawAsync() ?? "");
        var (config, refusal) = await ReadConfigAsync(server);
        return new ServerSnapshot
        {
            Server = Name(server.EndPoint),
            Info = info,
            Config = config,
            ConfigRefusal = refusal,
            NeedsNoPassword = await NeedsNoPasswordAsync(server, config is not null),
            Tls = tls,
            Loopback = IsLoopback(server.EndPoint),
        };
    }

    /// <summary>Host and port, for messages.</summary>
    public static string Name(EndPoint? endpoint) => (endpoint?.ToString() ?? "?").Replace("Unspecified/", "", StringComparison.Ordinal);

    private static bool IsLoopback(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint dns => dns.Host == "localhost" || (IPAddress.TryParse(dns.Host, out var address) && IPAddress.IsLoopback(address)),
        UnixDomainSocketEndPoint => true,
        _ => false,
    };

    // One at a time: before 7.0 CONFIG GET takes a single name, and asking for all would fetch passwords.
    private static async Task<(IReadOnlyDictionary<string, string>? Config, string? Refusal)> ReadConfigAsync(IServer server)
    {
        try
        {
            var answers = await Task.WhenAll(AuditRules.Settings.Select(name => server.ConfigGetAsync(name)));
            return (answers.SelectMany(a => a).ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal), null);
        }
        catch (RedisServerException e)
        {
            return (null, e.Message.Trim());
        }
    }

    // The default user's entry in the ACL is the truth; requirepass is but another name for its password.
    private async Task<bool?> NeedsNoPasswordAsync(IServer server, bool configReadable)
    {
        try
        {
            var user = ((RedisResult[]?)await server.ExecuteAsync("ACL", "GETUSER", "default")) ?? [];
            var at = Array.FindIndex(user, field => field.Resp2Type == ResultType.BulkString && (string?)field == "flags");
            var flags = at < 0 ? [] : ((string?[]?)user[at + 1]) ?? [];
            return flags.Contains("on") && flags.Contains("nopass");
        }
        catch (RedisServerException)
        {
            if (configReadable && (await server.ConfigGetAsync("requirepass")) is [{ Value.Length: > 0 }]) return false;
            return loggedIn ? null : true;
        }
    }
}
