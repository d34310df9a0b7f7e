using System.Net;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>Reads what <c>--redis</c> may be.</summary>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;
    private const int DefaultTlsPort = 6380;

    /// <exception cref="UsageException">The text is no address. The message does not repeat it: it may hold a password.</exception>
    public static ConfigurationOptions Parse(string text, string origin)
    {
        ConfigurationOptions options;
        try
        {
            options = text.Contains("://", StringComparison.Ordinal) ? FromUri(new Uri(text)) : ConfigurationOptions.Parse(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw Bad(origin);
        }

        if (options.EndPoints.Count == 0 || options.DefaultDatabase < 0 || !options.EndPoints.All(HasHost)) throw Bad(origin);
        SetPorts(options);
        options.ClientName = "pipeline";

        // What is not asked for needs no right, and leaves no refusal in Redis' ACL log.
        options.SetClientLibrary = false;
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        options.AbortOnConnectFail = true;

        // INFO counts as an administrator's command for StackExchange.Redis; nothing else of the kind is used.
        options.AllowAdmin = true;
        // Together ten seconds at most, in which nothing is said.
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 5000);
        options.ConnectRetry = Math.Min(options.ConnectRetry, 2);

        // A command that waits in a backlog while Redis is away would arrive long after the log's tail was read again.
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // The library's own policy waits longer and longer, up to a minute, which is how long the log would stand still after an outage.
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        return options;
    }

    private static bool HasHost(EndPoint address) => address is not DnsEndPoint name || Uri.CheckHostName(name.Host) != UriHostNameType.Unknown;

    /// <summary>The library fills these in later, and would leave messages with port 0.</summary>
    private static void SetPorts(ConfigurationOptions options)
    {
        var port = options.Ssl ? DefaultTlsPort : DefaultPort;
        for (var i = 0; i < options.EndPoints.Count; i++)
        {
            options.EndPoints[i] = options.EndPoints[i] switch
            {
                DnsEndPoint { Port: 0 } name => new DnsEndPoint(name.Host, port),
                IPEndPoint { Port: 0 } address => new IPEndPoint(address.Address, port),
                var other => other,
            };
        }
    }

    private static ConfigurationOptions FromUri(Uri uri)
    {
        if (uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0) throw new FormatException();
        var options = new ConfigurationOptions { Ssl = uri.Scheme == "rediss" };
        options.EndPoints.Add(uri.Host, uri.IsDefaultPort ? DefaultPort : uri.Port);
        var credentials = uri.UserInfo.Split(':', 2);
        if (credentials is [{ Length: > 0 }]) throw new FormatException();
        if (credentials.Length == 2)
        {
            options.User = credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null;
            options.Password = Uri.UnescapeDataString(credentials[1]);
        }

        if (uri.AbsolutePath.Length > 1) options.DefaultDatabase = int.Parse(uri.AbsolutePath.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        return options;
    }

    private static UsageException Bad(string origin) =>
        new($"{origin} is no Redis address; use host:port, host:port,user=NAME,password=SECRET,ssl=true, or rediss://NAME:SECRET@host:port.");
}
