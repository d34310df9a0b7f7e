using StackExchange.Redis;

namespace Pipeline.Tests.Harness;

/// <summary>What a test changes about the Redis that docker/redis/redis.conf describes.</summary>
/// <param name="MaxMemory">As redis.conf writes it, for example <c>64mb</c>.</param>
/// <param name="Password">The default user's password.</param>
/// <param name="AclUser">A further user; the server's own connections log in as this one.</param>
/// <param name="ExtraArgs">Appended to the command line, for example <c>["--appendfsync", "always"]</c>.</param>
/// <param name="DiskMegabytes">Puts the data on a memory disk of this size, which can fill up; it outlives the server's kill and start. Default: no limit.</param>
/// <param name="Files">Files to put into the container before it starts, by their paths in it.</param>
/// <param name="Client">Changes how the server's own connections log in, for example with TLS.</param>
public sealed record RedisServerOptions(
    string? MaxMemory = null,
    string? Password = null,
    RedisAclUser? AclUser = null,
    IReadOnlyList<string>? ExtraArgs = null,
    int? DiskMegabytes = null,
    IReadOnlyDictionary<string, byte[]>? Files = null,
    Action<ConfigurationOptions>? Client = null)
{
    internal IEnumerable<string> ToArguments()
    {
        string[] memory = MaxMemory is null ? [] : ["--maxmemory", MaxMemory];
        string[] password = Password is null ? [] : ["--requirepass", Password];
        string[] user = AclUser is null ? [] : ["--user", AclUser.Name, "on", $">{AclUser.Password}", .. AclUser.Rules.Split(' ')];
        return [.. memory, .. password, .. user, .. ExtraArgs ?? []];
    }
}
