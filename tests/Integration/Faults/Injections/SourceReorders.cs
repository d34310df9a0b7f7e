using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Events come in no order within seconds, and the connection drops in between.</summary>
internal sealed class SourceReorders : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var live = (LiveTraffic)run.Traffic;
        for (var i = 0; i < 3; i++)
        {
            await run.FlowsAsync(1_500);
            var fault = live.Servers[0].Inject(new Fault(FaultKind.Abort) { AtOnce = true });
            await run.WhileAtWorkAsync(live.Servers[0].WaitAsync(() => fault.Fired > 0, "the connection to drop", TestContext.Current.CancellationToken));
        }

        await run.FlowsAsync();
        live.Displaced.Should().BePositive();
        return $"{live.Displaced} events behind a later one, {live.Servers[0].Connections.Count} connections";
    }
}
