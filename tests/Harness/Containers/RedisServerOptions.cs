namespace Pipeline.Tests.Harness;

/// <summary>What a test changes about the Redis that docker/redis/redis.conf describes.</summary>
/// <param name="MaxMemory">As redis.conf writes it, for example <c>64mb</c>.</param>
/// <param name="Password">The default user's password.</param>
/// <param name="AclUser">A further user; the server's own connections log in as this one.</param>
/// <param name="ExtraArgs">Appended to the command line, for example <c>["--appendfsync", "always"]</c>.</param>
public sealed record RedisServerOptions(
    string? MaxMemory = null,
    string? Password = null,
    RedisAclUser? AclUser = null,
    IReadOnlyList<string>? ExtraArgs = null)
{
    internal IEnumerable<string> ToArguments()
    {
        string[] memory = MaxMemory is null ? [] : ["--maxmemory", MaxMemory];
        string[] password = Password is null ? [] : ["--requirepass", Password];
        string[] user = AclUser is null ? [] : ["--user", AclUser.Name, "on", $">{AclUser.Password}", .. AclUser.Rules.Split(' ')];
        return [.. memory, .. password, .. user, .. ExtraArgs ?? []];
    }
}
