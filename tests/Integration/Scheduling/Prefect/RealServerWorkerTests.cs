using Pipeline.Tests.Harness.Prefect;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling.Prefect;

/// <summary>The contract on a real server: at <c>PREFECT_TEST_API</c>, or in a container. What the fake is worth stands here.</summary>
public sealed class RealServerWorkerTests : WorkerContract
{
    protected override async Task<string> ServerAsync()
    {
        var (api, problem) = await PrefectServer.GetAsync();
        if (api is null) Assert.Skip(problem!);
        return api;
    }
}
