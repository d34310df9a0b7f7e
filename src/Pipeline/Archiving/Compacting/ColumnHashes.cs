using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Compacting;

/// <summary>A hash of every value of every column, in order, however the rows are cut into files and row groups.</summary>
internal sealed class ColumnHashes(int columns)
{
    // Levels and values apart: one after another they would depend on where a row group ends.
    private readonly XxHash128[] _values = Create(columns);
    private readonly XxHash128[] _definitions = Create(columns);
    private readonly XxHash128[] _repetitions = Create(columns);

    public void Add(int column, ColumnBuffer<long> rows) => _values[column].Append(MemoryMarshal.AsBytes(rows.Values));

    public void Add(int column, ColumnBuffer<ReadOnlyMemory<byte>> rows)
    {
        _definitions[column].Append(MemoryMarshal.AsBytes(rows.Definitions));
        _repetitions[column].Append(MemoryMarshal.AsBytes(rows.Repetitions));
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var value in rows.Values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
            _values[column].Append(length);
            _values[column].Append(value.Span);
        }
    }

    public bool AreThoseOf(ColumnHashes other) =>
        AreSame(_values, other._values) && AreSame(_definitions, other._definitions) && AreSame(_repetitions, other._repetitions);

    private static bool AreSame(XxHash128[] one, XxHash128[] other) =>
        one.Select(h => h.GetCurrentHashAsUInt128()).SequenceEqual(other.Select(h => h.GetCurrentHashAsUInt128()));

    private static XxHash128[] Create(int count) => [.. Enumerable.Range(0, count).Select(_ => new XxHash128())];
}
