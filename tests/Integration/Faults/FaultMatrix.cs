using Pipeline.Tests.Harness.Jetstream;
using Pipeline.Tests.Integration.Faults.Injections;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>
/// Everything that is known to go wrong, and what the pipeline promises then. Each row runs the real pipeline at a rate, breaks something,
/// proves that it broke, waits for the pipeline to recover by itself, and checks the promise with an independent reader
/// (<see cref="Tests.Harness.Pipelines.Invariant"/>). docs/reliability.md holds the same table; a test compares the two.
/// </summary>
internal static class FaultMatrix
{
    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        // 1. Redis dies.
        new("redis-killed",
            "SIGKILL 8 times at random instants, started again on the same volume",
            "What Redis forgets is fetched again, what it kept is not; offsets and counters stay with their events",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 5_000 }, () => new RedisKilled(8)) { Lane = Lane.RedisCrashes },
        new("redis-killed-live",
            "SIGKILL 8 times at random instants under a Jetstream that goes on meanwhile",
            "The source is rewound, and what the log holds already is recognised",
            "The look-back is not read after a failure",
            () => new LiveTraffic { Rate = 2_000 }, () => new RedisKilled(8)) { Lane = Lane.RedisCrashes },
        new("redis-killed-program",
            "SIGKILL 4 times at random instants under `pipeline run`",
            "The program as shipped recovers by itself, writes to the last event and ends with 0",
            "The source goes on where it was, not at the log's last entry",
            () => new ProgramTraffic { Rate = 5_000, Events = 40_000 }, () => new RedisKilled(4)) { Lane = Lane.RedisCrashes },

        // 2. Redis forgets.
        new("aof-tail-cut",
            "SIGKILL and the last 20 to 400 kB of the append-only file missing, 3 times",
            "Records and commits that Redis acknowledged and forgot are written once",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 8_000 }, () => new AofTailCut(3)) { Lane = Lane.RedisCrashes },
        new("aof-tail-cut-live",
            "The same under a Jetstream that goes on meanwhile",
            "The source is rewound to what Redis still knows",
            "The look-back is not read after a failure",
            () => new LiveTraffic { Rate = 3_000 }, () => new AofTailCut(2)) { Lane = Lane.RedisDisk },
        new("aof-tail-spoiled",
            "SIGKILL and the last 20 to 200 kB of the append-only file are rubbish: Redis refuses to start",
            "The runbook's `redis-check-aof --fix` brings Redis back, and the pipeline heals the difference",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 8_000 }, () => new AofTailSpoiled()) { Lane = Lane.RedisDisk },

        // 3. Redis keeps something else than it was given.
        new("batch-flipped",
            "One byte of a stored batch flipped on disk",
            "The checksum tells, the batch is quarantined whole with its bytes, everything else goes on",
            "Batches have no checksum; or a corrupt batch is not quarantined",
            () => new MockTraffic { Rate = 5_000 }, () => new BatchFlipped()) { Lane = Lane.RedisDisk },

        // 4. Redis cannot write.
        new("aof-disk-full",
            "The disk of the append-only file full (MISCONF), then space again",
            "Refused appends leave no hole and no double",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 5_000 }, () => new AofDiskFull(killed: false)) { Lane = Lane.RedisDisk },
        new("aof-disk-full-killed",
            "The same, and SIGKILL while the disk is full",
            "What was acknowledged and not kept is fetched again",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 5_000 }, () => new AofDiskFull(killed: true)) { Lane = Lane.RedisDisk },

        // 5. Redis does not answer.
        new("redis-frozen-1s",
            "Redis stands still for 1 s",
            "Late answers are answers: nothing is sent again",
            "No switch found: a second is shorter than every time-out",
            () => new MockTraffic { Rate = 5_000 }, () => new RedisFrozen(TimeSpan.FromSeconds(1))) { Lane = Lane.Network },
        new("redis-frozen-10s",
            "Redis stands still for 10 s: longer than a command may take",
            "Batches that Redis takes after the ingestor has given them up do no harm",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 5_000 }, () => new RedisFrozen(TimeSpan.FromSeconds(10))) { Lane = Lane.Network },
        new("redis-frozen-40s",
            "Redis stands still for 40 s under a Jetstream that goes on",
            "The source is left and resumed, not held",
            "The look-back is not read after a failure",
            () => new LiveTraffic { Rate = 1_000 }, () => new RedisFrozen(TimeSpan.FromSeconds(40))) { Lane = Lane.RedisFrozen },
        new("link-cut",
            "Connections to Redis reset 5 times, and 5 times after Redis did the work and before its answer came",
            "A batch whose acknowledgement was lost is neither lost nor doubled",
            "The source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 5_000 }, () => new LinkCut(5)) { Lane = Lane.Network },
        new("link-slow",
            "100 kB/s between pipeline and Redis, a quarter of what the source sends",
            "The source is slowed down; nothing is dropped",
            "A full queue to Redis drops batches instead of holding the source",
            () => new MockTraffic { Rate = 3_000 }, () => new LinkSlow(100_000)) { Lane = Lane.Network },

        // 6. Redis is full, and takes from the pipeline.
        new("memory-pressure",
            "A second tenant fills Redis past maxmemory under allkeys-lru, and leaves again",
            "Ballast goes first, reading pauses, the writer drains, reading goes on: the stream is not touched",
            "There is no ballast",
            () => new LiveTraffic { Rate = 2_000 }, () => new MemoryPressure()) { Lane = Lane.Memory },
        new("stream-evicted",
            "The stream's key deleted as an eviction does, with everything that was not in the lake",
            "The loss is counted and fetched again; what the lake has already is recognised by the writer",
            "The writer does not look for repeated events in the lake",
            () => new LiveTraffic { Rate = 2_000 }, () => new StreamEvicted()) { Lane = Lane.Memory },
        new("everything-evicted",
            "maxmemory lowered under what is in use: Redis evicts stream, state and ballast alike",
            "The lake's last manifest begins the log again, and the source goes on from there",
            "The writer does not look for repeated events in the lake; or a lost log is not begun again where the lake ends",
            () => new LiveTraffic { Rate = 2_000 }, () => new EverythingEvicted()) { Lane = Lane.Memory },

        // 7. Redis is full, and takes nothing.
        new("noeviction-full",
            "A second tenant fills Redis under noeviction, then maxmemory is lowered below what is in use: everything is refused (OOM)",
            "Leases, commits and heartbeats still pass, so the writer drains; ingest waits and goes on",
            "What frees memory does not pass a full Redis",
            () => new LiveTraffic { Rate = 2_000 }, () => new NoEvictionFull()) { Lane = Lane.Memory },

        // 8. Either half killed between every two of its steps: KillPointTests.

        // 9. The lake cannot be written.
        new("lake-full",
            "The lake's disk filled by the lake itself, then made larger",
            "A window that does not fit is written whole later; no part of it is visible before",
            "An error of the lake ends the writer",
            () => new MockTraffic { Rate = 5_000 }, () => new LakeFull()) { Lane = Lane.Lake },
        new("lake-read-only",
            "The lake's disk read-only, then writable again",
            "The log keeps what is not committed, the writer goes on by itself",
            "An error of the lake ends the writer",
            () => new MockTraffic { Rate = 5_000 }, () => new LakeReadOnly()) { Lane = Lane.Lake },
        new("lake-removed",
            "The lake's folder gone (a disk that is not mounted), then back",
            "No second lake is begun in its place: it would be hidden when the disk is back",
            "The writer begins a lake wherever it is pointed to",
            () => new MockTraffic { Rate = 8_000 }, () => new LakeRemoved()) { Lane = Lane.Lake },
        new("lake-replaced",
            "An empty folder in the lake's place, then another log's lake, then the right one",
            "A log writes to its own lake only",
            "The writer begins a lake wherever it is pointed to",
            () => new MockTraffic { Rate = 5_000 }, () => new LakeReplaced()) { Lane = Lane.Lake },
        new("writers-killed",
            "SIGKILL to 3 writers that have unfinished files",
            "No reader sees an unfinished file, the next writer sweeps what dead ones left",
            "Folders of dead writers are not swept",
            () => new MockTraffic { Rate = 8_000 }, () => new WritersKilled(3)) { Lane = Lane.Lake },

        // 10. Two of what there should be one of.
        new("two-of-each",
            "A second ingestor and a second writer, their lease deleted every 5 ms",
            "Appends are fenced, commits are compared: each event once, counters too",
            "Appends are not fenced; or commits are not compared",
            () => new MockTraffic { Rate = 4_000 }, () => new TwoOfEach()) { Lane = Lane.TooMany },
        new("two-programs",
            "`pipeline run` started twice on the same log and lake",
            "The same with the programs as shipped; both end with 0",
            "Appends are not fenced",
            () => new ProgramTraffic { Rate = 5_000, Events = 25_000, Programs = 2 }, () => new TwoPrograms()) { Lane = Lane.TooMany },

        // 11. Time.
        new("clock-jumps",
            "The host's clock an hour ahead, an hour behind and right again, with events and without",
            "Log time follows the events and monotonic time, so windows close when they should",
            "Heartbeats take the clock's time",
            () => new LiveTraffic { Rate = 2_000, Speed = 1 }, () => new ClockJumps()) { Lane = Lane.Time },
        new("absurd-times",
            "Events from 1970, 2012, the year 9999 and beyond, one 4 minutes ahead, then two dropped connections",
            "Absurd times are rejected with their bytes, once; one event ahead does not become the place to resume at",
            "Times are not checked; or rejected messages are not remembered; or the latest time is the place to resume at",
            () => new LiveTraffic { Rate = 2_000 }, () => new AbsurdTimes()) { Lane = Lane.Time },

        // 12. The source.
        new("source-stalls",
            "A connection that stays open and sends nothing more, twice",
            "The watchdog reopens it",
            "There is no watchdog",
            () => new LiveTraffic { Rate = 2_000, NoEventsTimeout = TimeSpan.FromSeconds(1) }, () => new SourceBreaks(FaultKind.Stall, 2)) { Lane = Lane.Source },
        new("source-drops-mid-frame",
            "Half a frame and a reset connection, 5 times",
            "Half a message is no message",
            "Repeated events are not recognised",
            () => new LiveTraffic { Rate = 2_000 }, () => new SourceBreaks(FaultKind.DropMidFrame, 5)) { Lane = Lane.Source },
        new("source-repeats",
            "Everything of the last minute once more",
            "Repeated events are recognised over a minute of log time",
            "The look-back is 10 s",
            () => new LiveTraffic { Rate = 2_000, Speed = 20 }, () => new SourceRepeats()) { Lane = Lane.Source },
        new("source-reorders",
            "Events in no order within 2.5 s of log time, and 3 dropped connections",
            "The place to resume at does not depend on the order",
            "Repeated events are not recognised",
            () => new LiveTraffic { Rate = 2_000, Shuffle = 1_000 }, () => new SourceReorders()) { Lane = Lane.Source },
        new("source-switches-host",
            "To a host whose clock is 5 s behind, back, and there again",
            "Events are recognised by identity, whatever a host's clock says",
            "Events are recognised by their bytes; or the source is not rewound",
            () => new LiveTraffic { Rate = 2_000, Clocks = [TimeSpan.Zero, TimeSpan.FromSeconds(-5)] }, () => new HostsSwitch()) { Lane = Lane.Source },
        new("source-rubbish",
            "50 MB of messages that are no JSON",
            "Each is a rejected row with its bytes; the events between them are all there",
            "Rejected messages are dropped",
            () => new LiveTraffic { Rate = 1_000 }, () => new Rubbish(50)) { Lane = Lane.Source },
        new("source-json-bombs",
            "JSON nested 100,000 deep, an event with 50,000 members",
            "Depth is limited, width is not lost",
            "Depth is not limited",
            () => new LiveTraffic { Rate = 2_000 }, () => new JsonBombs()) { Lane = Lane.Source },
        new("source-huge-events",
            "3 events of 10 MB",
            "Their beginning and length are kept, memory is not spent on the rest",
            "Size is not limited",
            () => new LiveTraffic { Rate = 2_000 }, () => new HugeEvents(megabytes: 10, count: 3)) { Lane = Lane.Source },

        // 13. Redis starts from nothing.
        new("redis-emptied",
            "SIGKILL, its volume emptied, started again, twice",
            "The log goes on where the lake ends, with offsets that go on; the source is rewound to there",
            "The writer does not look for repeated events in the lake; or a lost log is not begun again where the lake ends",
            () => new LiveTraffic { Rate = 2_000 }, () => new RedisEmptied()) { Lane = Lane.Memory },
        new("redis-emptied-replay",
            "The same under a source with exact positions",
            "What is replayed goes on where the lake ends",
            "A lost log is not begun again where the lake ends",
            () => new MockTraffic { Rate = 5_000 }, () => new RedisEmptied()) { Lane = Lane.Memory },

        // 14. Redis starts from what it was some time ago.
        new("redis-rolled-back",
            "SIGKILL, an older copy of its volume put in place of the newer one; the source has only what the lake does not",
            "What the lake has stays; the log goes on behind it, and counters are made up for",
            "A log that was rolled back writes its windows again",
            () => new LiveTraffic { Rate = 2_000 }, () => new RedisRolledBack()) { Lane = Lane.RedisCrashes },
        new("redis-rolled-back-replay",
            "The same under a source with exact positions, which has everything",
            "What is replayed goes on where the lake ends",
            "A log that was rolled back writes its windows again; or the source goes on where it was, not at the log's last entry",
            () => new MockTraffic { Rate = 5_000 }, () => new RedisRolledBack()) { Lane = Lane.RedisCrashes },
    ];

    /// <summary>The names of a lane's rows, for a theory.</summary>
    public static TheoryData<string> Of(Lane lane)
    {
        var rows = new TheoryData<string>();
        foreach (var row in Rows.Where(r => r.Lane == lane)) rows.Add(new TheoryDataRow<string>(row.Name).WithTrait("row", row.Name));
        return rows;
    }
}
