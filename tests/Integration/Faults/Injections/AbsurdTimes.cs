using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Events from 1970, from the year 9999 and from beyond every calendar, and one that is just not absurd; then the connection drops.</summary>
internal sealed class AbsurdTimes : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;
        await run.FlowsAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        long[] absurd = [0, -1, 1, long.MinValue, 1_325_376_000_000_000, now + 3_600_000_000, 253_402_300_799_999_999, long.MaxValue];
        for (var i = 0; i < absurd.Length; i++)
        {
            var json = Encoding.UTF8.GetBytes(TestEvents.Like(i, "app.bsky.feed.like", absurd[i]));

            // Not FakeFrame.Event: the server's own order is by the time of its other events.
            live.SendRubbish(FakeFrame.Raw(json), "time_out_of_range", json);
            await run.FlowsAsync(50);
        }

        // Four minutes ahead is allowed. It must not become the place to resume at: that would be in the future, which means live.
        live.SendEvent(TestEvents.Like(1_000, "app.bsky.feed.like", now + 240_000_000));
        await run.FlowsAsync(100);
        var drops = 0;
        for (; drops < 2; drops++)
        {
            var drop = live.Servers[0].Inject(new Fault(FaultKind.Abort) { AtOnce = true });
            await run.WhileAtWorkAsync(live.Servers[0].WaitAsync(() => drop.Fired > 0, "the connection to drop", TestContext.Current.CancellationToken));
            await run.FlowsAsync(500);
        }

        live.Servers[0].Connections.Should().HaveCountGreaterThan(drops);
        live.Servers[0].Connections.Skip(1).Should().OnlyContain(c => c.Cursor < now + 60_000_000, "the one event ahead is not the place to resume at");
        return $"{absurd.Length} absurd times, {live.Servers[0].Connections.Count} connections";
    }
}
