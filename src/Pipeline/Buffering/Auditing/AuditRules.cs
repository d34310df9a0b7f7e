using System.Globalization;

namespace Pipeline.Buffering.Auditing;

/// <summary>Everything the audit looks at. The values are those of docker/redis/redis.conf.</summary>
internal static class AuditRules
{
    public const string AppendOnly = "appendonly";

    private static readonly long _limit = Number(RedisSize.Normalise(ShippedConfiguration.Value("maxmemory")))!.Value;

    /// <summary>Every setting of CONFIG that a rule reads.</summary>
    public static IReadOnlyList<string> Settings { get; } =
        [.. For(new AuditOptions()).OfType<ConfigRule>().Select(r => r.Name), "bind", "protected-mode", "tls-port"];

    public static IReadOnlyList<IAuditRule> For(AuditOptions options) =>
        [.. Server(), .. Memory(options), .. Persistence(options), .. Streams(), .. Connections(), .. Access()];

    private static IEnumerable<IAuditRule> Server() =>
    [
        new FactRule(
            "version", "6.2 or newer, no known bugs", Version,
            "The log trims with XTRIM MINID, which came with 6.2, and has to trust it.",
            "upgrade, or see in the distribution's changelog that it has mended them"),
        new FactRule(
            "role", "master", s => new(s.Field("role") switch { null => Verdict.Unknown, "master" => Verdict.Ok, _ => Verdict.Wrong }, s.Field("role")),
            "A replica refuses writes.",
            "say where the master is"),
    ];

    private static IEnumerable<IAuditRule> Memory(AuditOptions options) =>
    [
        Shipped("maxmemory",
            "MET-27's limit. Without one the ingestor cannot tell when to pause, and the kernel ends Redis; with less the log bridges a shorter outage.") with
        {
            Otherwise = Verdict.Wrong, Required = true, IsSize = true, FromInfo = s => s.Field("maxmemory"),
            IsSafer = actual => Number(actual) > _limit, MayLoosen = options.ProfileNamed,
            Refuse = RefuseMemory,
        },
        Policy(options),
        new FactRule(
            "memory-headroom", $"below {Percent(new LogOptions().HighWater)} of maxmemory", Headroom,
            "Above this the ingestor pauses, and at the limit Redis evicts the log or refuses to go on.",
            "run `pipeline write`, which trims what is in the lake, or remove what does not belong here"),
        new FactRule(
            "machine-memory", "1.5 times maxmemory", MachineMemory,
            "While it rewrites the append-only file Redis holds changed pages twice; short of memory, the kernel ends it.",
            "a larger machine, or one of its own"),
        new FactRule(
            "evicted-keys", "0", s => new(s.Number("evicted_keys") switch { null => Verdict.Unknown, 0 => Verdict.Ok, _ => Verdict.Warning }, s.Field("evicted_keys")),
            "Redis has removed keys for want of memory since it started; the log may have been among them.",
            "look for `lost` in the writer's messages, keep other data elsewhere, and use `--profile noeviction`"),
    ];

    private static ConfigRule Policy(AuditOptions options)
    {
        var met27 = Shipped("maxmemory-policy",
            "MET-27 asks for it: the least recently used key goes first, and the log is used all the time. `noeviction` is safer: see --profile noeviction.") with
        {
            Otherwise = Verdict.Wrong,
            Required = true,
            FromInfo = s => s.Field("maxmemory_policy"),
            IsSafer = SparesTheLog,
            MayLoosen = options.ProfileNamed,
        };
        return options.Profile == AuditProfile.Met27 ? met27 : met27 with
        {
            Value = "noeviction",
            Allows = SparesTheLog,
            Why = "A full Redis then refuses new events, which the source still has, instead of removing the log with everything in it.",
        };
    }

    private static IEnumerable<IAuditRule> Persistence(AuditOptions options) =>
    [
        Shipped(AppendOnly, "Without the append-only file a restart forgets everything that is not in the lake.") with
        {
            Otherwise = Verdict.Wrong, Required = true, FromInfo = s => s.Field("aof_enabled") switch { "1" => "yes", "0" => "no", _ => null },
        },
        Shipped("appendfsync", "With `no` a crash of the machine takes up to 30 s of events, `always` waits for the disk at every append.") with
        {
            Otherwise = Verdict.Wrong, Required = true, IsSafer = value => value == "always", MayLoosen = options.ProfileNamed,
        },
        Shipped("no-appendfsync-on-rewrite", "Otherwise nothing is synced for as long as a rewrite takes, which is when there is most to lose.") with
        {
            Otherwise = Verdict.Wrong, Required = true,
        },
        Shipped("auto-aof-rewrite-percentage", "The file is rewritten when it has doubled; with 0 it grows until the disk is full and writes are refused.") with
        {
            IsWrong = value => value == "0",
        },
        Shipped("auto-aof-rewrite-min-size", "Smaller files are not worth a rewrite; much larger ones take long to load.") with { IsSize = true },
        Shipped("aof-load-truncated", "With `no` Redis does not start after a power cut until somebody has repaired the file."),
        Shipped("save", "Snapshots beside the append-only file cost a fork each, and one that fails stops all writes."),
        new FactRule(
            "persistence-status", "ok", PersistenceStatus,
            "After a failed write to the append-only file, or a failed snapshot, Redis refuses all writes until the next one succeeds.",
            "make room on the disk and look into Redis' log"),
    ];

    private static IEnumerable<IAuditRule> Streams() =>
    [
        Shipped("stream-node-max-bytes", "Large nodes lose less to the allocator's rounding: up to 8% of the memory.") with { IsSize = true },
        Shipped("stream-node-max-entries", "Otherwise a node may close before it holds stream-node-max-bytes."),
    ];

    private static IEnumerable<IAuditRule> Connections() =>
    [
        Shipped("maxclients", "Ingestor, writer, exporter and whoever looks around need a few dozen connections; beyond this Redis turns them away.") with
        {
            Expected = "1000 or more", Allows = AtLeast(1000),
        },
        Shipped("tcp-keepalive", "Finds connections whose other end is gone, in seconds; 0 never does.") with
        {
            Expected = "1 to 300", Allows = value => Number(value) is >= 1 and <= 300,
        },
        new ConfigRule("tcp-backlog", "511", "Connections that wait to be accepted; when all clients return at once after a restart, more are refused.")
        {
            Expected = "128 or more", Allows = AtLeast(128), AtRunTime = false,
        },
        Shipped("timeout", "Otherwise Redis hangs up on a connection that was quiet for so many seconds, as the writer's is between two windows."),
    ];

    private static IEnumerable<IAuditRule> Access() =>
    [
        new FactRule(
            "password", "set", Password,
            "Whoever reaches a server without one can read and delete the log.",
            "requirepass or an ACL user in redis.conf, the address with it in a file for --redis-file, and a restart"),
        new FactRule(
            "protected-mode", "yes, or a password", ProtectedMode,
            "Turns other machines away from a server that has no password.",
            "a password, or `protected-mode yes` in redis.conf; not by --fix: it could lock us out"),
        new FactRule(
            "tls", "on, or loopback", s => new(s.Tls || s.Loopback ? Verdict.Ok : Verdict.Warning, s.Tls ? "on" : s.Loopback ? "loopback" : "off"),
            "Password and events cross the network readable.",
            "tls-port and certificates in redis.conf, rediss:// in --redis, and a restart"),
    ];

    private static ConfigRule Shipped(string name, string why) => new(name, ShippedConfiguration.Value(name), why);

    private static Func<string, bool> AtLeast(long least) => value => Number(value) >= least;

    private static long? Number(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The log's keys never expire, so a policy that takes only keys that do is no danger to them.
    private static bool SparesTheLog(string policy) => policy == "noeviction" || policy.StartsWith("volatile-", StringComparison.Ordinal);

    private static string? RefuseMemory(ServerSnapshot server) => server.Number("used_memory") switch
    {
        null => "the server does not say how much memory it uses, and a limit below that would evict or stop the log",
        { } used when used >= _limit => $"{used} bytes are in use, and a limit below that would evict or stop the log",
        _ => null,
    };

    private static Observation Version(ServerSnapshot server)
    {
        // Forks answer with the version of the Redis they come from; the list of bugs says nothing about them.
        if (server.Field("server_name") is { } fork and not "redis")
        {
            return new(Verdict.Unknown, $"{fork} {server.Field($"{fork}_version")}".TrimEnd(), "Of forks no bugs are listed here");
        }

        if (server.Version is not { } version) return Observation.Unknown;
        if (version < new Version(6, 2)) return new(Verdict.Wrong, server.VersionText);
        var bugs = KnownBugs.In(version, server.SpeaksTls);
        return bugs.Count == 0
            ? new(Verdict.Ok, server.VersionText)
            : new(bugs.Max(b => b.Verdict), server.VersionText, $"In this version {string.Join("; ", bugs.Select(b => b.What))}");
    }

    private static Observation Headroom(ServerSnapshot server)
    {
        if (server.Number("used_memory") is not { } used) return Observation.Unknown;
        var share = (double)used / LimitOf(server);
        return new(share < new LogOptions().HighWater ? Verdict.Ok : share < 1 ? Verdict.Warning : Verdict.Wrong, Percent(share));
    }

    private static Observation MachineMemory(ServerSnapshot server)
    {
        if (server.Number("total_system_memory") is not { } total) return Observation.Unknown;
        var times = (double)total / LimitOf(server);
        return new(times >= 1.5 ? Verdict.Ok : times > 1 ? Verdict.Warning : Verdict.Wrong, string.Create(CultureInfo.InvariantCulture, $"{times:0.#} times"));
    }

    // A server without a limit is judged by the one it should have: that it has none is maxmemory's to say.
    private static long LimitOf(ServerSnapshot server) => server.Number("maxmemory") is { } limit and > 0 ? limit : _limit;

    private static Observation PersistenceStatus(ServerSnapshot server)
    {
        (string Field, Verdict Failed)[] parts =
        [
            ("aof_last_write_status", Verdict.Wrong),
            ("aof_last_bgrewrite_status", Verdict.Warning),
            // Where no snapshots are asked for, one that failed long ago stops nothing.
            ("rdb_last_bgsave_status", server.Setting("save") == "" ? Verdict.Ok : Verdict.Wrong),
        ];
        if (parts.All(p => server.Field(p.Field) is null)) return Observation.Unknown;
        var failed = parts.Where(p => p.Failed != Verdict.Ok && server.Field(p.Field) is not (null or "ok")).ToArray();
        return failed.Length == 0 ? new(Verdict.Ok, "ok") : new(failed.Max(p => p.Failed), $"{string.Join(", ", failed.Select(p => p.Field))}: err");
    }

    private static Observation Password(ServerSnapshot server) => (server.NeedsNoPassword, server.IsExposed) switch
    {
        (null, _) => Observation.Unknown,
        (false, _) => new(Verdict.Ok, "set"),
        (true, false) => new(Verdict.Warning, "not set, loopback only"),
        (true, true) => new(Verdict.Wrong, "not set"),
        (true, null) => new(Verdict.Wrong, "not set", "Whether other machines can reach it cannot be read"),
    };

    private static Observation ProtectedMode(ServerSnapshot server)
    {
        var mode = server.Setting("protected-mode");
        return new(mode == "yes" || server.NeedsNoPassword == false ? Verdict.Ok : mode is null ? Verdict.Unknown : Verdict.Warning, mode);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#}%");
}
