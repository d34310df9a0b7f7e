using Pipeline.Buffering;

namespace Pipeline.Bench.Peers;

/// <summary>Ours: record batches in the log, closed windows to the lake.</summary>
internal sealed class PipelinePeer(Workbench bench) : IPeer
{
    public string Name => "this pipeline";

    // Without ballast, which is memory of the log's, not of its events.
    public Task BufferAsync(CancellationToken cancellationToken) => bench.IngestAsync(new LogOptions { Ballast = 0 }, cancellationToken);

    public Task WriteAsync(string lake, CancellationToken cancellationToken) => bench.DrainAsync(lake, cancellationToken);
}
