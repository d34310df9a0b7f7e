using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Tables;

/// <summary>A text column.</summary>
internal sealed class TextColumn : TableColumn
{
    private readonly DataField _field;
    private readonly DataField _utf8Field;
    private readonly TextKind _kind;
    private readonly TextArena _arena = new();
    private int[] _levels = new int[16];
    private int _rows;
    private int _values;

    public TextColumn(string name, TextKind kind = TextKind.Free, bool nullable = true)
    {
        _kind = kind;
        _field = new DataField(name, typeof(string), isNullable: nullable);

        // Parquet.Net takes strings as UTF-16, and computes statistics by UTF-16 order, which is not Parquet's order once emoji are in
        // play: a reader would skip row groups that hold what it looks for. A binary twin of the field lets UTF-8 through as it is.
        _utf8Field = new DataField(name, typeof(byte[]), isNullable: nullable);
        _ = new ParquetSchema(_utf8Field);
    }

    public override Field Field => _field;

    public override int Bytes => _arena.Length + (_rows * sizeof(int));

    public override EncodingHint Hint => _kind == TextKind.Repeating ? EncodingHint.Dictionary : EncodingHint.Default;

    /// <summary>True when the current row has its value.</summary>
    public bool IsSet => _arena.Count > _values;

    public void Set(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_arena.Reserve(value.Length));
        _arena.Commit(value.Length);
    }

    /// <summary>Sets the string at the reader; false when it is none, when it is no text, or when there is a value already.</summary>
    public bool TrySet(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || IsSet) return false;
        if (!reader.ValueIsEscaped)
        {
            Set(reader.ValueSpan);
            return true;
        }

        try
        {
            _arena.Commit(reader.CopyString(_arena.Reserve(reader.ValueSpan.Length)));
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: only raw JSON can hold it.
            return false;
        }
    }

    public override void EndRow()
    {
        if (_rows == _levels.Length) Array.Resize(ref _levels, _rows * 2);
        _levels[_rows++] = IsSet ? 1 : 0;
        _values = _arena.Count;
    }

    public override void Append(ColumnBuffer<ReadOnlyMemory<byte>> rows)
    {
        for (var row = 0; row < rows.Values.Length; row++)
        {
            if (rows.Definitions.IsEmpty || rows.Definitions[row] > 0) Set(rows.Values[row].Span);
            EndRow();
        }
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, TextScratch scratch, CancellationToken cancellationToken)
    {
        // The cast matters: a bare null would become an empty memory by way of the conversion from arrays.
        var levels = _field.IsNullable ? _levels.AsMemory(0, _rows) : (ReadOnlyMemory<int>?)null;
        if (_kind == TextKind.Free || !Ascii.IsValid(_arena.Span))
        {
            await group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(_utf8Field, scratch.Values(_arena), levels, null, cancellationToken);
            return;
        }

        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(_field, scratch.Texts(_arena), levels, null, cancellationToken);
    }

    public override void Clear()
    {
        _arena.Clear();
        (_rows, _values) = (0, 0);
    }
}
