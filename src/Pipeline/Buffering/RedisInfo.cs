using System.Globalization;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>What the server that holds a key says of itself.</summary>
internal sealed class RedisInfo
{
    private readonly Dictionary<string, string> _fields;

    private RedisInfo(string text) => _fields = Fields(text);

    /// <summary>The server that holds the key: of a cluster's servers, each has a memory and a file of its own.</summary>
    public static async Task<IServer> ServerOfAsync(IDatabase database, RedisKey key)
    {
        var endpoint = await database.IdentifyEndpointAsync(key)
            ?? throw new TimeoutException("No Redis server is connected that holds the log.");
        return database.Multiplexer.GetServer(endpoint);
    }

    /// <summary>Asks for a section of INFO.</summary>
    public static async Task<RedisInfo> ReadAsync(IServer server, string section) =>
        new((string?)await server.ExecuteAsync("INFO", section) ?? "");

    /// <summary>The fields of an answer to INFO.</summary>
    public static Dictionary<string, string> Fields(string info)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0) fields[line[..colon]] = line[(colon + 1)..];
        }

        return fields;
    }

    /// <summary>A field's text; empty when it is not there.</summary>
    public string Field(string name) => _fields.GetValueOrDefault(name, "");

    /// <summary>A field's number; 0 when it is not there.</summary>
    public long Number(string name) => Field(name) is { Length: > 0 } value ? long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
}
