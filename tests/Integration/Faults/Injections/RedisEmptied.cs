using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The volume is gone: Redis starts from nothing.</summary>
internal sealed class RedisEmptied : Injection
{
    private const int Times = 2;

    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        for (var time = 0; time < Times; time++)
        {
            await run.WritesAsync(2);
            await run.FlowsAsync(500);
            await run.Server.KillAsync();
            await run.Server.ShellAsync("rm -rf /data/appendonlydir && [ -z \"$(find /data -type f)\" ]");
            var lines = run.Log.Count("Redis has lost log");
            await run.Server.StartAsync();
            await run.WhileAtWorkAsync(Eventually.TrueAsync("the loss to be noticed", () => run.Log.Count("Redis has lost log") > lines, Deadlines.Recovery));
        }

        await run.FlowsAsync(2_000);
        return $"{Times} times no file under /data";
    }

    public override Task<Produced> CheckAsync(FaultRun run, Produced produced) =>
        Task.FromResult(produced with { CountersLost = true, Healed = true, Messages = null });
}
