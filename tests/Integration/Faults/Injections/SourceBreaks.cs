using FluentAssertions;
using Pipeline.Tests.Harness.Jetstream;
using Xunit;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The connection to Jetstream goes wrong, again and again.</summary>
internal sealed class SourceBreaks(FaultKind kind, int times) : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var server = ((LiveTraffic)run.Traffic).Servers[0];
        for (var i = 0; i < times; i++)
        {
            await run.FlowsAsync(run.Next(500, 1_500));
            var (fault, connections) = (server.Inject(new Fault(kind) { AtOnce = true }), server.Connections.Count);
            await run.WhileAtWorkAsync(server.WaitAsync(() => fault.Fired > 0 && server.Connections.Count > connections, $"{kind} and a new connection", TestContext.Current.CancellationToken));
        }

        await run.FlowsAsync();
        run.Ingested.Duplicates.Should().BePositive("what came before each break is sent again");
        return $"{times} times {kind}, {server.Connections.Count} connections, {run.Ingested.Duplicates} repeated events dropped";
    }
}
