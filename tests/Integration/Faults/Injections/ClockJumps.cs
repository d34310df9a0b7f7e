using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The host's clock is set an hour ahead, then an hour back, while events come and while they do not.</summary>
internal sealed class ClockJumps : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;
        var reads = new List<long>();
        await run.FlowsAsync();
        foreach (var hours in new[] { 1, -1, 0 })
        {
            run.Time.Offset = TimeSpan.FromHours(hours);
            await run.FlowsAsync(500);
            reads.Add(await run.LooksAtClockAsync());
        }

        // A quiet source: the log's time goes on by heartbeats.
        await live.StopProducingAsync();
        foreach (var hours in new[] { 1, -1 })
        {
            run.Time.Offset = TimeSpan.FromHours(hours);
            await run.WhileAtWorkAsync(HeartbeatsAsync(run, 2));
        }

        return $"clock read {string.Join(", ", reads)} times at +1 h, -1 h, 0";
    }

    private static async Task HeartbeatsAsync(FaultRun run, int count)
    {
        var last = (await run.Rig.Logs[0].ReadTailAsync()).Last;
        for (var beat = 0; beat < count; beat++)
        {
            last = (await Eventually.GetAsync(
                "an empty batch", async () => (await run.Rig.Logs[0].ReadEndAsync()).Last!, newest => newest.Count == 0 && newest.Id > last)).Id;
        }
    }

    public override async Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        // Otherwise a window would stay open for an hour.
        var logMs = (await run.Rig.Logs[0].ReadTailAsync()).Last!.Value.Ms;
        var ahead = TimeSpan.FromMilliseconds(logMs - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        ahead.Should().BeCloseTo(TimeSpan.Zero, TimeSpan.FromSeconds(30), "the log's time follows events, not the host's clock");
        return produced;
    }
}
