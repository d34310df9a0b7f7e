using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>An open connection to Redis. Nothing it prints holds a password.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private static readonly Version _oldest = new(6, 2);

    private readonly ConnectionMultiplexer _multiplexer;

    private RedisConnection(ConnectionMultiplexer multiplexer, string address) => (_multiplexer, Address) = (multiplexer, address);

    /// <summary>Host and port, for messages.</summary>
    public string Address { get; }

    public IDatabase Database => _multiplexer.GetDatabase();

    /// <exception cref="UsageException">The address cannot be understood.</exception>
    /// <exception cref="EnvironmentException">Redis does not answer, refuses us, or is too old.</exception>
    public static Task<RedisConnection> OpenAsync(SettingValues settings)
    {
        var (text, origin) = settings.Find(Settings.Redis);
        if (settings.Find(Settings.RedisFile) is { Text: { } file } found)
        {
            if (text is not null) throw new UsageException($"{origin} and {found.Origin} both say where Redis is; leave one out.");
            (text, origin) = (ReadFile(file, found.Origin), found.Origin);
        }

        return OpenAsync(text ?? Settings.Redis.Default!, origin);
    }

    /// <param name="origin">Where the address came from, for messages.</param>
    public static async Task<RedisConnection> OpenAsync(string text, string origin)
    {
        var options = RedisAddress.Parse(text, origin);
        var address = string.Join(",", options.EndPoints.Select(e => e.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));
        try
        {
            var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
            var connection = new RedisConnection(multiplexer, address);
            await connection.CheckAsync();
            return connection;
        }
        catch (RedisConnectionException e)
        {
            var why = e.FailureType == ConnectionFailureType.AuthenticationFailure
                ? "refuses the password or user: check them, and that the user may run streams, hashes and scripts"
                : "does not answer: start it, or say where it is";
            throw new EnvironmentException($"Redis at {address} {why} ({origin}, or {Settings.Redis.Variable}).", e);
        }
        catch (RedisServerException e)
        {
            throw new EnvironmentException($"Redis at {address} answers: {e.Message} ({origin}).", e);
        }
    }

    public IReadOnlyList<RedisLog> Logs(LogOptions options) =>
        [.. Enumerable.Range(0, options.Shards).Select(shard => new RedisLog(Database, new LogKeys(options.Name, shard)))];

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();

    private static string ReadFile(string path, string origin)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 ? text : throw new UsageException($"{origin}: file '{path}' is empty; it should hold what --redis would.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{origin}: cannot read file '{path}': {e.Message}");
        }
    }

    private async Task CheckAsync()
    {
        await Database.PingAsync();
        var server = _multiplexer.GetServers().FirstOrDefault(s => s.IsConnected);
        if (server is not null && server.Version < _oldest)
        {
            throw new EnvironmentException($"Redis at {Address} is version {server.Version}; the log needs {_oldest} or newer.");
        }
    }
}
