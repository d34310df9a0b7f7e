using Pipeline.Buffering.Auditing;

namespace Pipeline.Tests.Unit.Buffering.Auditing;

/// <summary>Servers to audit, made up; each test changes the one thing it is about.</summary>
internal static class Snapshots
{
    /// <summary>Nothing to complain about: docker/redis/redis.conf on a loopback address, with a password.</summary>
    public static ServerSnapshot Sound { get; } = new()
    {
        Server = "localhost:6379",
        Config = new Dictionary<string, string>
        {
            ["maxmemory"] = "2147483648",
            ["maxmemory-policy"] = "allkeys-lru",
            ["appendonly"] = "yes",
            ["appendfsync"] = "everysec",
            ["no-appendfsync-on-rewrite"] = "no",
            ["auto-aof-rewrite-percentage"] = "100",
            ["auto-aof-rewrite-min-size"] = "67108864",
            ["aof-load-truncated"] = "yes",
            ["save"] = "",
            ["stream-node-max-bytes"] = "262144",
            ["stream-node-max-entries"] = "0",
            ["maxclients"] = "1000",
            ["tcp-keepalive"] = "60",
            ["tcp-backlog"] = "511",
            ["timeout"] = "0",
            ["bind"] = "* -::*",
            ["protected-mode"] = "yes",
            ["tls-port"] = "0",
        },
        Info = new Dictionary<string, string>
        {
            ["redis_version"] = "8.10.1",
            ["role"] = "master",
            ["used_memory"] = "1000000",
            ["maxmemory"] = "2147483648",
            ["maxmemory_policy"] = "allkeys-lru",
            ["total_system_memory"] = "16000000000",
            ["evicted_keys"] = "0",
            ["aof_enabled"] = "1",
            ["aof_last_write_status"] = "ok",
            ["aof_last_bgrewrite_status"] = "ok",
            ["rdb_last_bgsave_status"] = "ok",
        },
        NeedsNoPassword = false,
        Loopback = true,
    };

    public static ServerSnapshot With(this ServerSnapshot server, string setting, string value) =>
        server with { Config = new Dictionary<string, string>(server.Config!) { [setting] = value } };

    public static ServerSnapshot WithInfo(this ServerSnapshot server, string field, string value) =>
        server with { Info = new Dictionary<string, string>(server.Info) { [field] = value } };

    public static ServerSnapshot WithoutConfig(this ServerSnapshot server) => server with { Config = null, ConfigRefusal = "NOPERM" };

    public static AuditReport Audit(this ServerSnapshot server, AuditProfile profile = AuditProfile.Met27, bool named = false) =>
        AuditReport.Of(server, new AuditOptions(profile, named));

    public static AuditFinding Find(this AuditReport report, string setting) => report.Findings.Single(f => f.Setting == setting);
}
