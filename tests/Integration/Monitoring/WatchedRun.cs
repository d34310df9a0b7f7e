using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary><c>pipeline run</c> on a small Redis that can be killed and filled.</summary>
public sealed class WatchedRun : WatchedPipeline
{
    private LiveFeed? _source;

    protected override MonitoringStackOptions Options => new() { Redis = new RedisServerOptions(MaxMemory: "40mb") };

    protected override async Task StartProgramsAsync()
    {
        _source = await LiveFeed.StartAsync();
        StartProgram(0, "run", "--source", "jetstream", "--jetstream-hosts", _source.Address, "--lake", Lake, "--window", "10s", "--schedule", "1s", "--heartbeat", "1s");
    }

    protected override async ValueTask CleanUpAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
    }
}
