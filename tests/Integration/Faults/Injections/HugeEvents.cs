using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Events of many megabytes: their beginning is kept, and their length.</summary>
internal sealed class HugeEvents(int megabytes, int count) : Injection
{
    private const int Kept = 1024 * 1024;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;
        await run.FlowsAsync();
        for (var i = 0; i < count; i++)
        {
            var start = Encoding.UTF8.GetBytes(TestEvents.Like(i));
            var kept = new byte[Kept];
            kept.AsSpan().Fill((byte)' ');
            start.CopyTo(kept, 0);
            live.SendRubbish(FakeFrame.Huge(start, megabytes * 1024L * 1024), "oversized", kept);
            await run.FlowsAsync(200);
        }

        await run.FlowsAsync();
        run.Ingested.Rejected.Should().Be(count);
        return $"{count} messages of {megabytes} MB";
    }
}
