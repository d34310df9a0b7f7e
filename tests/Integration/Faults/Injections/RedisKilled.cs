using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>SIGKILL at random instants, and started again on the same volume.</summary>
internal sealed class RedisKilled(int times) : Injection
{
    public override RedisServerOptions? Redis => new();

    public override async Task<string> InjectAsync(FaultRun run)
    {
        for (var kill = 0; kill < times; kill++)
        {
            await run.FlowsAsync(run.Next(100, 1_500));
            await run.Server.KillAsync();
            await run.Server.StartAsync();
        }

        await run.FlowsAsync();
        return $"{times} times exit code 137";
    }
}
