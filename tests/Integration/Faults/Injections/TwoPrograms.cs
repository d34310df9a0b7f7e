using FluentAssertions;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The whole program is started twice. The injection is the traffic's own: it only has to be seen.</summary>
internal sealed class TwoPrograms : Injection
{
    public override async Task<string> InjectAsync(FaultRun run)
    {
        var programs = ((ProgramTraffic)run.Traffic).Running;
        await run.FlowsAsync(3_000);
        programs.Should().HaveCountGreaterThan(1).And.OnlyContain(p => p.IsRunning);
        return $"{programs.Count} programs run at once";
    }

    public override async Task<Produced> CheckAsync(FaultRun run, Produced produced)
    {
        var said = await Task.WhenAll(((ProgramTraffic)run.Traffic).Running.Select(p => p.ErrorAsync()));
        string.Concat(said).Should().Contain("FENCED", "they have to have met");
        return produced;
    }
}
