namespace Pipeline.Commands;

/// <summary>Every setting there is. Which verb takes which stands with the verb.</summary>
internal static class Settings
{
    public const string VariablePrefix = "PIPELINE_";

    public static readonly Setting Redis = new("redis", "Redis to connect to: host:port, a StackExchange.Redis string, or redis[s]://user:password@host:port.", "localhost:6379");
    public static readonly Setting RedisFile = new("redis-file", "File that holds what --redis would, so that no password shows in a process list.");
    public static readonly Setting RedisCa = new("redis-ca", "PEM file of the authority that signed Redis' certificate, where this machine does not trust it.");
    public static readonly Setting Log = new("log", "Name of the log, part of its Redis keys.", "bluesky");
    public static readonly Setting Shards = new("shards", "Streams that share the events, 1 to 64; more than one only for a Redis Cluster. Fixed once the log has begun.", "1");
    public static readonly Setting BatchEvents = new("batch-events", "A batch closes at this many events, 1 to 10000.", "128");
    public static readonly Setting BatchBytes = new("batch-bytes", "A batch closes at this many bytes of JSON, 1KiB to 16MiB.", "256KiB");
    public static readonly Setting Linger = new("linger", "Longest that an event waits for its batch, 0 to 10s; 0 = an entry for every event.", "200ms");
    public static readonly Setting Heartbeat = new("heartbeat", "A live source that is quiet gets an empty batch this often, 100ms to 10m.", "5s");
    public static readonly Setting LookBack = new("look-back", "Log time that stays in the stream to recognise repeated events, 1s to 1h; at least twice --rewind.", "60s");
    public static readonly Setting HighWater = new("high-water", "Share of Redis' maxmemory above which reading pauses, 0.1 to 0.95.", "0.75");
    public static readonly Setting LowWater = new("low-water", "Share of Redis' maxmemory below which reading goes on; below --high-water.", "0.65");
    public static readonly Setting Ballast = new("ballast", "Share of Redis' maxmemory that ballast keys take, which allkeys-lru evicts before the log; 0 to 0.2.", "0.02");
    public static readonly Setting MaxEventBytes = new("max-event-bytes", "A longer message is rejected, 1KiB to 16MiB.", "1MiB");
    public static readonly Setting MaxEventDepth = new("max-event-depth", "A message nested deeper is rejected, 8 to 1000.", "128");
    public static readonly Setting MaxAhead = new("max-ahead", "An event further ahead of clock and log is rejected, 1s to 1d.", "5m");
    public static readonly Setting Source = new("source", "Where events come from: jetstream, mock, or an NDJSON file or folder (.gz and .zst too).", "jetstream");
    public static readonly Setting JetstreamHosts = new("jetstream-hosts", "Jetstream hosts in order of preference, separated by commas; ws:// or wss:// addresses are taken as given.", "the four public ones");
    public static readonly Setting Rewind = new("rewind", "How far before its last position Jetstream is resumed, 0 to 10m; what comes twice is dropped.", "10s");
    public static readonly Setting NoEvents = new("no-events", "A Jetstream session without a message for this long is reopened on the next host, 1s to 10m.", "30s");
    public static readonly Setting Rate = new("rate", "Events per second for mock and file replay, more than 0.", "as fast as they are taken");
    public static readonly Setting Events = new("events", "Events that the mock firehose makes, 1 or more.", "without end");
    public static readonly Setting Seed = new("seed", "Seed of the mock firehose: the same seed makes the same events.", "42");
    public static readonly Setting Lake = new("lake", "Folder of the lake.", "lake");
    public static readonly Setting Window = new("window", "Log time that one set of files covers: a divisor of an hour, 1s to 1h.", "5m");
    public static readonly Setting RowGroupRows = new("row-group-rows", "Most rows of a Parquet row group, 1000 to 10000000.", "131072");
    public static readonly Setting Schedule = new("schedule", "When windows are written: every window, a duration (30s), or a cron expression in UTC ('*/15 * * * *'; six fields begin with seconds).", "every window");
    public static readonly Setting ScheduleDb = new("schedule-db", "SQLite file of the schedule and the run history.", "_pipeline/schedule.db in the lake");
    public static readonly Setting RunLimit = new("run-limit", "Longest that a run may take before it is stopped, 1s to 1d.", "80% of the window, 30s at least");
    public static readonly Setting KeepRuns = new("keep-runs", "How long runs stay in the history, 1h to 3650d; a single run forgets none unless it is given.", "30d");

    public static readonly Setting PrefectApi = new("prefect-api", "API of the Prefect server, such as http://127.0.0.1:4200/api.");
    public static readonly Setting PrefectAuthFile = new("prefect-auth-file", "File with user:password, where the Prefect server asks for them.");
    public static readonly Setting PrefectKeyFile = new("prefect-key-file", "File with an API key, for Prefect Cloud.");
    public static readonly Setting WorkPool = new("work-pool", "Work pool of the Prefect server that the worker serves.", "default");
    public static readonly Setting WorkerName = new("worker-name", "Name of the worker, its own in the pool.", "the machine's");
    public static readonly Setting PrefectPoll = new("prefect-poll", "How often the Prefect server is asked for runs that are due, and whether one is cancelled, 100ms to 1m.", "5s");
    public static readonly Setting Every = new("every", "How often the deployment runs, 1s to 1d.", "5m");
    public static readonly Setting Listen = new(
        "listen", "Where metrics, health and status are served: host:port, port (0 = any that is free) or none.", "127.0.0.1:9464 for run, :9465 for ingest, :9466 for write, :9467 for worker");

    public static IReadOnlyList<Setting> OfRedis { get; } = [Redis, RedisFile, RedisCa, Log, Shards];

    public static IReadOnlyList<Setting> OfSource { get; } =
        [Source, JetstreamHosts, Rewind, NoEvents, Rate, Events, Seed, MaxEventBytes, MaxEventDepth, MaxAhead];

    public static IReadOnlyList<Setting> OfBatches { get; } = [BatchEvents, BatchBytes, Linger, Heartbeat, HighWater, LowWater, Ballast];

    public static IReadOnlyList<Setting> OfLake { get; } = [Lake, Window, RowGroupRows, LookBack];

    /// <summary>Where runs are kept and for how long, whoever orders them.</summary>
    public static IReadOnlyList<Setting> OfHistory { get; } = [ScheduleDb, KeepRuns];

    public static IReadOnlyList<Setting> OfSchedule { get; } = [Schedule, RunLimit, .. OfHistory];

    public static IReadOnlyList<Setting> OfPrefect { get; } = [PrefectApi, PrefectAuthFile, PrefectKeyFile, WorkPool, WorkerName, PrefectPoll, Every];

    /// <summary>What <c>run</c> takes.</summary>
    public static IReadOnlyList<Setting> OfRun { get; } = [.. OfRedis, .. OfSource, .. OfBatches, .. OfLake, .. OfSchedule, Listen];

    public static IReadOnlyList<Setting> All { get; } = [.. OfRun, .. OfPrefect];
}
