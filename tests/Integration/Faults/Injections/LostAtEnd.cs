using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The source has ended, and nobody reads it any more, when Redis loses what is not in the lake yet.</summary>
/// <param name="whole">True for the whole stream, false for its last part and the source's end.</param>
internal sealed class LostAtEnd(bool whole) : Injection
{
    private static readonly TimeSpan _away = TimeSpan.FromMinutes(5);

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var (log, database) = (run.Rig.Logs[0], run.Rig.Database);
        await run.FlowsAsync(5_000);

        // A writer of another machine, as far as the program can see: it waits, and the source ends meanwhile.
        await database.StringSetAsync(log.Keys.Lease, "elsewhere|1|a|b", _away);
        var (stream, state) = await CopyAsync(database, log.Keys);
        await run.WhileAtWorkAsync(Eventually.TrueAsync("the source to end", async () => (await log.ReadTailAsync()).IsEnd, Deadlines.Recovery));
        var before = await log.ReadStateAsync();
        before.Offset.Should().BeGreaterThan(before.CommittedOffset, "something has to be left to write");

        if (whole) await database.KeyDeleteAsync(log.Keys.Stream);
        else await RestoreAsync(database, log.Keys, stream, state);
        var lost = before.Offset - (whole ? before.CommittedOffset : (await log.ReadStateAsync()).Offset);
        lost.Should().BePositive();
        await database.KeyDeleteAsync(log.Keys.Lease);
        return $"{lost} records lost";
    }

    public override async Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        var lost = (await run.Rig.Logs[0].ReadStateAsync()).Counters.GetValueOrDefault(LogCounters.Lost);
        if (whole) lost.Should().BePositive("the program has to have seen it");
        return produced with { Healed = true, Messages = null };
    }

    /// <summary>Both keys as they are at one moment: between two commands the ingestor would append.</summary>
    private static async Task<(byte[] Stream, byte[] State)> CopyAsync(IDatabase database, LogKeys keys)
    {
        var both = database.CreateTransaction();
        var (stream, state) = (both.KeyDumpAsync(keys.Stream), both.KeyDumpAsync(keys.State));
        await both.ExecuteAsync();
        return ((await stream)!, (await state)!);
    }

    private static async Task RestoreAsync(IDatabase database, LogKeys keys, byte[] stream, byte[] state)
    {
        var both = database.CreateTransaction();
        _ = both.KeyDeleteAsync([keys.Stream, keys.State]);
        _ = both.KeyRestoreAsync(keys.Stream, stream);
        _ = both.KeyRestoreAsync(keys.State, state);
        await both.ExecuteAsync();
    }
}
