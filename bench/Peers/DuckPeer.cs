namespace Pipeline.Bench.Peers;

/// <summary>No buffer at all: a file of JSON lines, which DuckDB turns into Parquet (<see cref="DuckReference"/> says what it is let off).</summary>
internal sealed class DuckPeer(Workbench bench) : IPeer
{
    private readonly string _json = Path.Combine(bench.Folder, "peer.ndjson");

    public string Name => "DuckDB from NDJSON";

    public Task BufferAsync(CancellationToken cancellationToken)
    {
        bench.Events.Write(_json);
        return Task.CompletedTask;
    }

    public Task WriteAsync(string lake, CancellationToken cancellationToken)
    {
        using var duck = new DuckReference(lake);
        duck.Convert(_json);
        File.Delete(_json);
        return Task.CompletedTask;
    }
}
