using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Jetstream sends everything of the last minute once more.</summary>
internal sealed class SourceRepeats : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;

        // A little less: one message in a hundred is of a collection that nobody subscribed to, and not sent at all.
        var minute = 59 * live.Rate / live.Speed;
        await run.FlowsAsync(minute);
        var fault = live.Servers[0].Inject(new Fault(FaultKind.RepeatLast) { AtOnce = true, Count = minute });
        await run.WhileAtWorkAsync(live.Servers[0].WaitAsync(() => fault.Fired > 0, "the repetition", TestContext.Current.CancellationToken));
        await run.FlowsAsync();
        run.Ingested.Duplicates.Should().BeGreaterThan(minute * 9 / 10);
        return $"{minute} messages sent again, {run.Ingested.Duplicates} repeated events dropped";
    }
}
