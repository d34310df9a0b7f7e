namespace Pipeline.Bench.Peers;

/// <summary>A way from events in memory to committed Parquet, in two halves that are measured one after the other.</summary>
internal interface IPeer
{
    string Name { get; }

    /// <summary>Puts the events where the second half finds them.</summary>
    Task BufferAsync(CancellationToken cancellationToken);

    /// <summary>Writes them below <paramref name="lake"/>, in folders <c>type=post</c>, <c>type=like</c> and so on, and clears the buffer.</summary>
    Task WriteAsync(string lake, CancellationToken cancellationToken);
}
