using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

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
        var (stream, state) = (await database.KeyDumpAsync(log.Keys.Stream), await database.KeyDumpAsync(log.Keys.State));
        await run.WhileAtWorkAsync(Eventually.TrueAsync("the source to end", async () => (await log.ReadTailAsync()).IsEnd, Deadlines.Recovery));
        var before = await log.ReadStateAsync();
        before.Offset.Should().BeGreaterThan(before.CommittedOffset, "something has to be left to write");

        await database.KeyDeleteAsync(log.Keys.Stream);
        if (!whole)
        {
            await database.KeyDeleteAsync(log.Keys.State);
            await database.KeyRestoreAsync(log.Keys.State, state!);
            await database.KeyRestoreAsync(log.Keys.Stream, stream!);
        }

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
}
