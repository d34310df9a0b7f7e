using Parquet;
using Parquet.Schema;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Tables;

/// <summary>A column of bytes without nulls.</summary>
internal sealed class BinaryColumn(string name) : TableColumn
{
    private readonly DataField _field = new(name, typeof(byte[]), isNullable: false);
    private readonly TextArena _arena = new();

    public override Field Field => _field;

    public override int Bytes => _arena.Length;

    public void Set(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_arena.Reserve(value.Length));
        _arena.Commit(value.Length);
    }

    public override void EndRow()
    {
    }

    public override void Append(ColumnBuffer<ReadOnlyMemory<byte>> rows)
    {
        foreach (var value in rows.Values) Set(value.Span);
    }

    public override Task WriteAsync(ParquetRowGroupWriter group, TextScratch scratch, CancellationToken cancellationToken) =>
        group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(_field, scratch.Values(_arena), null, null, cancellationToken);

    public override void Clear() => _arena.Clear();
}
