using FluentAssertions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>SIGKILL, and the end of the append-only file is rubbish: Redis refuses to start until the runbook's repair.</summary>
internal sealed class AofTailSpoiled : Injection
{
    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.FlowsAsync(6_000);
        await run.Server.KillAsync();
        await run.Server.SpoilTailAsync(run.Next(20_000, 200_000));
        var said = await run.Server.StartRefusedAsync();
        said.Should().Contain("Bad file format");
        var repair = await run.Server.RepairAsync();
        repair.Should().Contain("Successfully truncated AOF");
        await run.Server.StartAsync();
        await run.FlowsAsync();
        return said.Split('\n').Last(l => l.Contains("Bad file format", StringComparison.Ordinal)).Trim();
    }

    public override async Task<Tests.Harness.Pipelines.Produced> CheckAsync(FaultRun run, Tests.Harness.Pipelines.Produced produced)
    {
        var forgotten = run.Ingested.Acknowledged - await run.OffsetAsync();
        forgotten.Should().BePositive("the rubbish has to have cost records that Redis had acknowledged");
        return produced;
    }
}
