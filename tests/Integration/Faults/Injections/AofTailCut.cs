using FluentAssertions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>SIGKILL, and the last bytes of the append-only file never reached the disk: Redis forgets what it had acknowledged.</summary>
internal sealed class AofTailCut(int times) : Injection
{
    private readonly List<int> _cut = [];

    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        for (var i = 0; i < times; i++)
        {
            await run.FlowsAsync(4_000);
            await run.Server.KillAsync();
            _cut.Add(run.Next(20_000, 400_000));
            await run.Server.CutAsync(_cut[^1]);
            await run.Server.StartAsync();
        }

        await run.FlowsAsync();
        return $"cut {string.Join(", ", _cut)} bytes";
    }

    public override async Task<Tests.Harness.Pipelines.Produced> CheckAsync(FaultRun run, Tests.Harness.Pipelines.Produced produced)
    {
        var forgotten = run.Ingested.Acknowledged - await run.OffsetAsync();
        forgotten.Should().BeGreaterThan(100, "Redis has to have forgotten records that it had acknowledged");
        return produced;
    }
}
