using Parquet;
using Parquet.Schema;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Tables;

/// <summary>Integers without nulls, delta-encoded: times of neighbouring rows differ by little.</summary>
internal sealed class Int64Column(string name) : TableColumn
{
    private readonly DataField<long> _field = new(name);
    private long[] _values = new long[16];
    private int _count;
    private long _value;

    public override Field Field => _field;

    public override int Bytes => _count * sizeof(long);

    public override EncodingHint Hint => EncodingHint.DeltaBinaryPacked;

    public void Set(long value) => _value = value;

    public override void EndRow()
    {
        if (_count == _values.Length) Array.Resize(ref _values, _count * 2);
        _values[_count++] = _value;
    }

    public override void Append(ColumnBuffer<long> rows)
    {
        foreach (var value in rows.Values)
        {
            Set(value);
            EndRow();
        }
    }

    public override Task WriteAsync(ParquetRowGroupWriter group, TextScratch scratch, CancellationToken cancellationToken) =>
        group.WriteAsync<long>(_field, _values.AsMemory(0, _count), cancellationToken: cancellationToken);

    public override void Clear() => _count = 0;
}
