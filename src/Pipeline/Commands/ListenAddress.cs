using System.Globalization;
using System.Net;

namespace Pipeline.Commands;

/// <summary>Reads what <c>--listen</c> may be.</summary>
internal static class ListenAddress
{
    public const int RunPort = 9464;
    public const int IngestPort = 9465;
    public const int WritePort = 9466;
    public const int WorkerPort = 9467;

    private const string None = "none";

    /// <summary>The address to listen on; null for none.</summary>
    /// <exception cref="UsageException">The text is no address.</exception>
    public static IPEndPoint? Of(SettingValues settings, int defaultPort)
    {
        var (text, origin) = settings.Find(Settings.Listen);
        if (text is null) return new IPEndPoint(IPAddress.Loopback, defaultPort);
        if (text == None) return null;
        return Parse(text) ?? throw new UsageException(
            $"{origin} is '{text}'; use host:port, port or none, such as 127.0.0.1:9464 or 9464. The host is localhost or an IP address; 0.0.0.0 is every one of this machine's.");
    }

    /// <summary>Reads <c>host:port</c> or <c>port</c>; null when it is neither.</summary>
    public static IPEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = colon < 0 ? "localhost" : text[..colon];
        return host switch
        {
            "localhost" => new IPEndPoint(IPAddress.Loopback, port),
            ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out var v6) ? new IPEndPoint(v6, port) : null,
            _ => IPAddress.TryParse(host, out var address) && !host.Contains(':', StringComparison.Ordinal) ? new IPEndPoint(address, port) : null,
        };
    }
}
