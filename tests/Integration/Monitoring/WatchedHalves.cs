using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary><c>pipeline ingest</c> on a Jetstream of the test's own, and <c>pipeline write</c> beside it, to a disk of its own.</summary>
public sealed class WatchedHalves : WatchedPipeline
{
    private PipelineProgram? _writer;
    private SizedFolder? _disk;
    private ContainersUnavailableException? _noDisk;

    internal LiveFeed Source { get; private set; } = null!;

    /// <summary>The lake's.</summary>
    /// <exception cref="ContainersUnavailableException">This machine does not let us mount one; the lake is in a common folder.</exception>
    internal SizedFolder Disk => _disk ?? throw _noDisk!;

    public int IngestPort => Stack.PipelinePorts[0];

    public int WriterPort => Stack.PipelinePorts[1];

    protected override MonitoringStackOptions Options => new() { Programs = 2 };

    // Not on the lake's disk: a database that is open keeps it from becoming read-only.
    internal string ScheduleDatabase => Path.Combine(Lake, "schedule.db");

    internal PipelineProgram Writer => _writer!;

    internal void StopWriter() => _writer!.Kill();

    internal void StartWriter() => _writer = StartProgram(
        1, "write", "--lake", Path.Combine(_disk?.Path ?? Lake, "lake"), "--window", "10s", "--schedule", "1s",
        "--schedule-db", ScheduleDatabase);

    // With a log of its own: two ingestors of one log would be in each other's way.
    internal PipelineProgram StartIngestInPlaceOfTheWriter() =>
        StartProgram(1, "ingest", "--log", "another", "--source", "jetstream", "--jetstream-hosts", Source.Address, "--heartbeat", "1s");

    protected override async Task StartProgramsAsync()
    {
        try
        {
            _disk = await SizedFolder.MountAsync(megabytes: 200);
        }
        catch (ContainersUnavailableException e)
        {
            _noDisk = e;
        }

        Source = await LiveFeed.StartAsync();
        StartProgram(0, "ingest", "--source", "jetstream", "--jetstream-hosts", Source.Address, "--heartbeat", "1s");
        StartWriter();
    }

    protected override async ValueTask CleanUpAsync()
    {
        if (Source is not null) await Source.DisposeAsync();
        if (_disk is not null) await _disk.DisposeAsync();
    }
}
