using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary><c>pipeline run</c> on a small Redis that can be killed and filled.</summary>
public sealed class WatchedRun : WatchedPipeline
{
    protected override MonitoringStackOptions Options => new() { Redis = new RedisServerOptions(MaxMemory: "40mb") };

    protected override Task StartProgramsAsync()
    {
        StartProgram(0, "run", "--source", "mock", "--rate", "300", "--lake", Lake, "--window", "2s", "--check-interval", "200ms", "--heartbeat", "1s");
        return Task.CompletedTask;
    }
}
