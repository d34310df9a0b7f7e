using FluentAssertions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>Connections are reset, now and then after Redis has done its work and before its answer is back.</summary>
internal sealed class LinkCut(int times) : Injection
{
    public override bool NeedsLink => true;

    public override async Task<string> InjectAsync(FaultRun run)
    {
        var connections = 0;
        for (var i = 0; i < times; i++)
        {
            await run.FlowsAsync(run.Next(300, 1_500));
            connections += run.Link!.Cut();
            await run.FlowsAsync(run.Next(300, 1_500));
            var lost = run.Link.RepliesLost;
            run.Link.LoseNextReply();
            await run.WhileAtWorkAsync(Eventually.TrueAsync("an answer to be lost", () => run.Link.RepliesLost > lost, Deadlines.Recovery));
        }

        await run.FlowsAsync();
        connections.Should().BeGreaterThanOrEqualTo(times);
        run.Ingested.Recoveries.Should().BeGreaterThanOrEqualTo(times);
        return $"{connections} connections cut, {run.Link!.RepliesLost} answers lost, {run.Ingested.Recoveries} recoveries";
    }
}
