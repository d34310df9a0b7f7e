using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Commands;
using Pipeline.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>
/// A Redis as docs/operations.md secures it: docker/redis/redis-tls.conf, the users that docker/redis/make-users makes, and a private
/// authority's certificate for <c>localhost</c>. One for the assembly, started when the first test asks; each test takes a log of its own.
/// </summary>
public sealed partial class SecureRedis : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secure-redis-").FullName;
    private readonly TestAuthority _authority = new();
    private readonly Lazy<Task<RedisServer>> _server;

    public SecureRedis() => _server = new(StartAsync);

    /// <summary>What <c>--redis-ca</c> takes.</summary>
    public string AuthorityFile => Path.Combine(_folder, "ca.crt");

    /// <summary>The running server.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public Task<RedisServer> ServerAsync() => _server.Value;

    /// <summary>The name of a log that the users may touch and no other test does.</summary>
    public static string NewLog([CallerMemberName] string test = "") => $"secure-{test[..Math.Min(test.Length, 20)]}-{Guid.NewGuid():N}";

    /// <summary>What <c>--redis-file</c> takes to log in as one of the users.</summary>
    public string FileOf(string user) => Path.Combine(_folder, user == "exporter" ? "exporter.env" : $"{user}.redis");

    public string PasswordOf(string user) => user == "exporter"
        ? File.ReadLines(FileOf(user)).Single(l => l.StartsWith("REDIS_PASSWORD=", StringComparison.Ordinal))["REDIS_PASSWORD=".Length..]
        : new Uri(File.ReadAllText(FileOf(user))).UserInfo.Split(':')[1];

    /// <summary>Arguments for a verb that logs in as one of the users.</summary>
    public async Task<string[]> LoginAsync(string user)
    {
        await ServerAsync();
        return ["--redis-file", FileOf(user), "--redis-ca", AuthorityFile];
    }

    /// <summary>Arguments for a verb that logs in with this name and password.</summary>
    public async Task<string[]> LoginAsync(string user, string password, string host = "localhost")
    {
        var server = await ServerAsync();
        return ["--redis", $"rediss://{user}:{password}@{host}:{server.Port}", "--redis-ca", AuthorityFile];
    }

    /// <summary>A connection of the test's own, with the settings of the product.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(string user)
    {
        var server = await ServerAsync();
        var options = RedisAddress.Parse($"rediss://{user}:{PasswordOf(user)}@localhost:{server.Port}", "test");
        RedisCertificate.Check(options, AuthorityFile, "test");
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Makes or changes a user of the test's own.</summary>
    public async Task SetUserAsync(string user, params IEnumerable<string> rules)
    {
        await using var admin = await ConnectAsync("admin");
        await admin.GetDatabase().ExecuteAsync("ACL", ["SETUSER", user, .. rules]);
    }

    /// <summary>What a user was refused, of late.</summary>
    public async Task<IReadOnlyList<string>> RefusedAsync(string user)
    {
        await using var admin = await ConnectAsync("admin");
        var entries = ((RedisResult[])(await admin.GetDatabase().ExecuteAsync("ACL", "LOG", "1000"))!).Select(e => e.ToDictionary());
        return [.. entries.Where(e => (string)e["username"]! == user).Select(e => (string)e["object"]!)];
    }

    /// <summary>The rights that users.acl gives one of the users.</summary>
    public async Task<IReadOnlyList<string>> RightsAsync(string user)
    {
        await ServerAsync();
        var line = File.ReadLines(Path.Combine(_folder, "users.acl")).Single(l => l.StartsWith($"user {user} ", StringComparison.Ordinal));
        return [.. Rule().Matches(line).Select(m => m.Value).Skip(2).Where(r => r[0] != '#')];
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _server.Value).DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A selector is one rule, with its spaces.
    [GeneratedRegex(@"\([^)]*\)|\S+")]
    private static partial Regex Rule();

    private async Task<RedisServer> StartAsync()
    {
        MakeUsers();
        await File.WriteAllTextAsync(AuthorityFile, _authority.Pem);
        using var certificate = _authority.Issue("localhost");
        var tls = await File.ReadAllBytesAsync(Repository.File("docker", "redis", "redis-tls.conf"));
        var server = await RedisServer.StartNewAsync(new(
            ExtraArgs: ["--include", "/etc/redis/redis-tls.conf"],
            Files: new Dictionary<string, byte[]>
            {
                ["/etc/redis/redis-tls.conf"] = tls,
                ["/etc/redis/users.acl"] = await File.ReadAllBytesAsync(Path.Combine(_folder, "users.acl")),
                ["/etc/redis/tls/ca.crt"] = Encoding.ASCII.GetBytes(_authority.Pem),
                ["/etc/redis/tls/redis.crt"] = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()),
                ["/etc/redis/tls/redis.key"] = Encoding.ASCII.GetBytes(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            },
            Client: options =>
            {
                (options.Ssl, options.User, options.Password) = (true, "admin", PasswordOf("admin"));
                options.SslHost = "localhost";
                RedisCertificate.Check(options, AuthorityFile, "test");
            }));

        // The port is known only now.
        foreach (var file in Directory.EnumerateFiles(_folder).Where(f => !f.EndsWith(".crt", StringComparison.Ordinal)))
        {
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("localhost:6379", $"localhost:{server.Port}", StringComparison.Ordinal));
        }

        return server;
    }

    private void MakeUsers()
    {
        using var make = Process.Start("bash", [Repository.File("docker", "redis", "make-users"), _folder, "rediss://localhost:6379", "secure-*"]);
        make.WaitForExit();
        if (make.ExitCode != 0) throw new InvalidOperationException($"docker/redis/make-users ended with {make.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
    }
}
