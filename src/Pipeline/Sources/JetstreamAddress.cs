using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Pipeline.Sources;

/// <summary>Turns a configured host into the address of a subscription.</summary>
internal static class JetstreamAddress
{
    /// <summary>Reads a bare host name or a full ws:// or wss:// address; the path defaults to <c>/subscribe</c>.</summary>
    public static bool TryParse(string host, [NotNullWhen(true)] out Uri? address)
    {
        var text = host.Contains("://", StringComparison.Ordinal) ? host : $"wss://{host}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("ws" or "wss") || address.Host.Length == 0)
        {
            address = null;
            return false;
        }

        if (address.AbsolutePath == "/")
            address = new Uri(address, "/subscribe");
        return true;
    }

    /// <param name="cursor">Unix microseconds, inclusive; null = live.</param>
    public static Uri Subscription(string host, IReadOnlyList<string> collections, long? cursor)
    {
        if (!TryParse(host, out var address))
            throw new SourceException($"'{host}' is no Jetstream host; use a host name, or an address that starts with ws:// or wss://.");

        var query = new StringBuilder();
        foreach (var collection in collections)
            query.Append(query.Length == 0 ? '?' : '&').Append("wantedCollections=").Append(Uri.EscapeDataString(collection));
        if (cursor is { } us)
            query.Append(query.Length == 0 ? '?' : '&').Append("cursor=").Append(us.ToString(CultureInfo.InvariantCulture));
        return new Uri(address, address.AbsolutePath + query);
    }
}
