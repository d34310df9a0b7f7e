using System.Buffers;

namespace Pipeline.Buffering;

/// <summary>A batch that is complete and waits to be appended.</summary>
/// <param name="records">Its records; copied into a rented array, for batches come faster than the garbage of so many large arrays can be collected.</param>
public sealed class SealedBatch(ReadOnlySpan<byte> records, int count, IReadOnlyList<KeyValuePair<string, long>> counters, long ms) : IDisposable
{
    private readonly int _length = records.Length;
    private byte[] _records = Rented(records);

    /// <summary>Its records, until it is disposed.</summary>
    public ReadOnlySpan<byte> Records => _records.AsSpan(0, _length);

    public int Count => count;

    public IReadOnlyList<KeyValuePair<string, long>> Counters => counters;

    /// <summary>Its log time; the entry's id is raised above the log's end when it lies behind.</summary>
    public long Ms => ms;

    public SourcePosition? Position { get; init; }

    public bool IsEnd { get; init; }

    /// <summary>What <see cref="LogEntry.MayRepeat"/> will say.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Gives the records' array back.</summary>
    public void Dispose()
    {
        if (_records.Length > 0) ArrayPool<byte>.Shared.Return(_records);
        _records = [];
    }

    private static byte[] Rented(ReadOnlySpan<byte> records)
    {
        if (records.IsEmpty) return [];
        var rented = ArrayPool<byte>.Shared.Rent(records.Length);
        records.CopyTo(rented);
        return rented;
    }
}
