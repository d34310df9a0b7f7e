using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>A host goes away and comes back; the other one stamps the same events with a clock that differs.</summary>
internal sealed class HostsSwitch : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var (one, other) = (((LiveTraffic)run.Traffic).Servers[0], ((LiveTraffic)run.Traffic).Servers[1]);
        await run.FlowsAsync();
        await LeaveAsync(run, one, other);
        await run.FlowsAsync();
        await LeaveAsync(run, other, one);
        await run.FlowsAsync();

        // The last host is the one whose clock is behind: a cursor of the other's clock lies in its future.
        await LeaveAsync(run, one, other);
        await run.FlowsAsync();
        one.Connections.Count.Should().BeGreaterThan(1);
        other.Connections.Should().NotBeEmpty();
        return $"{one.Connections.Count} connections to one host, {other.Connections.Count} to the other, {run.Ingested.Duplicates} repeated events dropped";
    }

    private static async Task LeaveAsync(FaultRun run, FakeJetstream from, FakeJetstream to)
    {
        to.Accept();
        from.Refuse(503);
        var connections = to.Connections.Count;
        var fault = from.Inject(new Fault(FaultKind.Abort) { AtOnce = true });
        await run.WhileAtWorkAsync(from.WaitAsync(() => fault.Fired > 0, "the host to go", TestContext.Current.CancellationToken));
        await run.WhileAtWorkAsync(to.WaitAsync(() => to.Connections.Count > connections, "the other host to be asked", TestContext.Current.CancellationToken));
    }
}
