using Pipeline.Buffering;
using Pipeline.Buffering.Auditing;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>An open connection to Redis. Nothing it prints holds a password.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const string DefaultUser = "default";
    private static readonly Version _oldest = new(6, 2);

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly ConfigurationOptions _options;
    private readonly TaskCompletionSource<Refusal> _shutOut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisConnection(ConnectionMultiplexer multiplexer, ConfigurationOptions options)
    {
        (_multiplexer, _options, Address) = (multiplexer, options, Describe(options));
        options.ConnectionAttemptCompleted += async (_, attempt) =>
        {
            if (attempt.FailureType == ConnectionFailureType.AuthenticationFailure) await FindOutAsync();
        };
    }

    /// <summary>Host and port, for messages.</summary>
    public string Address { get; }

    public IDatabase Database => _multiplexer.GetDatabase();

    /// <summary>Every server we know of, connected or not.</summary>
    public IReadOnlyList<IServer> Servers => _multiplexer.GetServers();

    public bool UsesTls => Options.Ssl;

    /// <summary>Whether we gave a password.</summary>
    public bool LogsIn => Options.Password is not null;

    private ConfigurationOptions Options => ConfigurationOptions.Parse(_multiplexer.Configuration);

    /// <exception cref="UsageException">The address cannot be understood.</exception>
    /// <exception cref="EnvironmentException">Redis does not answer, refuses us, or is too old.</exception>
    public static Task<RedisConnection> OpenAsync(SettingValues settings, CancellationToken cancellationToken)
    {
        var (text, origin) = AddressIn(settings);
        return OpenAsync(text, origin, (settings.Path(Settings.RedisCa, "a PEM file"), settings.Find(Settings.RedisCa).Origin), cancellationToken);
    }

    /// <summary>The same, for a verb that changes the log.</summary>
    /// <exception cref="EnvironmentException">The same, or there are only replicas.</exception>
    public static async Task<RedisConnection> OpenToWriteAsync(SettingValues settings, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(settings, cancellationToken);
        var connected = connection.Servers.Where(s => s.IsConnected).ToList();
        if (connected.Count == 0 || !connected.All(s => s.IsReplica)) return connection;
        await connection.DisposeAsync();
        throw new EnvironmentException($"Redis at {connection.Address} is a replica, which takes no writes: give the address of its master (--{Settings.Redis.Name}).");
    }

    /// <param name="origin">Where the address came from, for messages.</param>
    public static Task<RedisConnection> OpenAsync(string text, string origin, CancellationToken cancellationToken) => OpenAsync(text, origin, (null, ""), cancellationToken);

    private static async Task<RedisConnection> OpenAsync(string text, string origin, (string? File, string Origin) authority, CancellationToken cancellationToken)
    {
        var options = RedisAddress.Parse(text, origin);
        var certificate = RedisCertificate.Check(options, authority.File, authority.Origin);
        try
        {
            // Not waited for once we are to stop: it is left to itself, and ends with the program.
            var multiplexer = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken);
            var connection = new RedisConnection(multiplexer, options);
            await connection.CheckAsync();
            return connection;
        }
        catch (Exception e) when (e is RedisException or RedisCommandException)
        {
            var why = Why(e, options, certificate) ?? await RedisProbe.ExplainAsync(options);
            var elsewhere = origin == $"--{Settings.Redis.Name}" ? $", or {Settings.Redis.Variable}" : "";
            throw new EnvironmentException($"Redis at {Describe(options)} {why} ({origin}{elsewhere}).", e);
        }
    }

    /// <summary>The error that a refusal ends a verb with.</summary>
    public static EnvironmentException Refused(SettingValues settings, Refusal refusal, Exception error)
    {
        var (text, origin) = AddressIn(settings);
        var options = RedisAddress.Parse(text, origin);
        return new EnvironmentException($"Redis at {Describe(options)} {Why(refusal, options.User)} ({origin}).", error);
    }

    /// <summary>
    /// Does work that outlasts outages, and stops it when Redis answers again but lets its user in no more. The commands that fail meanwhile
    /// only say that there is no connection.
    /// </summary>
    /// <exception cref="EnvironmentException">The user was shut out.</exception>
    public async Task WhileLetInAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(stop.Token);
        if (await Task.WhenAny(working, _shutOut.Task) != working)
        {
            await stop.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new EnvironmentException($"Redis at {Address} {Why(await _shutOut.Task, _options.User)}.");
        }

        await working;
    }

    public IReadOnlyList<RedisLog> Logs(LogOptions options) =>
        [.. Enumerable.Range(0, options.Shards).Select(shard => new RedisLog(Database, new LogKeys(options.Name, shard)))];

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();

    /// <summary>What went wrong and what to do, to follow "Redis at ..."; null when the error does not tell.</summary>
    private static string? Why(Exception error, ConfigurationOptions options, RedisCertificate certificate)
    {
        if (certificate.Problem is { } problem) return problem;
        if (Refusal.In(error) is { } refusal) return Why(refusal, options.User);
        if (options.Ssl && error is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure })
        {
            return "does not speak TLS, or not ours: if its port is one without, begin the address with redis://";
        }

        return error is RedisServerException or RedisCommandException ? $"answers: {error.Message}" : null;
    }

    private static string Why(Refusal refusal, string? user) => refusal.Kind switch
    {
        RedisErrorKind.NoAuth => "wants a user and a password: give the address as redis[s]://NAME:SECRET@host:port",
        RedisErrorKind.WrongPass => $"refuses user '{user ?? DefaultUser}': there is no such user, or its password is another",
        _ => $"refuses user '{user ?? DefaultUser}' what it has to do: {refusal.Answer}; docker/redis/users.acl.template has the rights of each verb and log",
    };

    private static string Describe(ConfigurationOptions options) =>
        string.Join(",", options.EndPoints.Select(SnapshotReader.Name));

    private static (string Text, string Origin) AddressIn(SettingValues settings)
    {
        var (text, origin) = settings.Find(Settings.Redis);
        if (settings.Find(Settings.RedisFile) is not { Text: { } file } found) return (text ?? Settings.Redis.Default!, origin);
        return text is null
            ? (ReadFile(file, found.Origin), found.Origin)
            : throw new UsageException($"{origin} and {found.Origin} both say where Redis is; leave one out.");
    }

    private static string ReadFile(string path, string origin)
    {
        // Somebody took the one option for the other: nothing of an address is shown, it may hold a password.
        if (path.Contains("://", StringComparison.Ordinal) || path.Contains("password=", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"{origin} takes the path of a file that holds the address, not the address itself.");
        }

        PathText.Check(path, origin, "the file that holds the address");
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

    /// <summary>Only the exception of a first connection tells a login that was refused from what may pass.</summary>
    private async Task FindOutAsync()
    {
        try
        {
            await using var again = await ConnectionMultiplexer.ConnectAsync(_options.Clone());
        }
        catch (RedisException e)
        {
            if (Refusal.In(e) is { } refusal) _shutOut.TrySetResult(refusal);
        }
    }

    private async Task SelectAsync(int number)
    {
        try
        {
            await Database.ExecuteAsync("SELECT", number);
        }
        catch (Exception e) when (e is RedisCommandException or RedisServerException && Refusal.In(e) is null)
        {
            throw new EnvironmentException($"Redis at {Address} has no database {number}: leave the number out of the address, or raise `databases` there.", e);
        }
    }

    private async Task CheckAsync()
    {
        await Database.PingAsync();
        // The client ignores the answer to its own SELECT: everything would go to database 0.
        if (_options.DefaultDatabase is { } number) await SelectAsync(number);
        var server = _multiplexer.GetServers().FirstOrDefault(s => s.IsConnected);
        if (server is not null && server.Version < _oldest)
        {
            throw new EnvironmentException($"Redis at {Address} is version {server.Version}; the log needs {_oldest} or newer.");
        }
    }
}
