using System.Diagnostics;
using FluentAssertions;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The network between pipeline and Redis carries less than what the source sends.</summary>
internal sealed class LinkSlow(int bytesPerSecond) : Injection
{
    public override bool NeedsLink => true;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.FlowsAsync(2_000);
        run.Link!.Throttle(bytesPerSecond);
        var (from, watch) = (run.Link.Forwarded, Stopwatch.StartNew());
        await run.FlowsAsync(2_000);
        var speed = (run.Link.Forwarded - from) / watch.Elapsed.TotalSeconds;
        run.Link.Throttle(0);
        await run.FlowsAsync(2_000);

        // Both directions of two connections share the figure; the source wanted several times as much.
        speed.Should().BeLessThan(3 * bytesPerSecond);
        return $"{speed:N0} bytes/s for {watch.Elapsed.TotalSeconds:0.0} s";
    }
}
