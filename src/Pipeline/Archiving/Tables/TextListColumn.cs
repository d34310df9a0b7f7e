using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Tables;

/// <summary>A column of lists of short texts; an absent list and an empty one stay different.</summary>
internal sealed class TextListColumn : TableColumn
{
    private const int NullList = 0;
    private const int EmptyList = 1;
    private const int Element = 2;

    private readonly ListField _field;
    private readonly DataField _element;
    private readonly DataField _utf8Element;
    private readonly TextArena _arena = new();
    private readonly List<int> _definitions = [];
    private readonly List<int> _repetitions = [];
    private bool _isSet;

    public TextListColumn(string name)
    {
        (_field, _element) = Declare(name, typeof(string));
        (var utf8, _utf8Element) = Declare(name, typeof(byte[]));
        _ = new ParquetSchema(utf8);
    }

    public override Field Field => _field;

    public override int Bytes => _arena.Length + (_definitions.Count * 2 * sizeof(int));

    public override EncodingHint Hint => EncodingHint.Dictionary;

    /// <summary>Sets the array at the reader and moves to its end; false when it is anything but an array of strings.</summary>
    public bool TrySet(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray || _isSet) return false;
        var probe = reader;
        while (probe.Read() && probe.TokenType == JsonTokenType.String && !probe.ValueIsEscaped)
        {
        }

        if (probe.TokenType != JsonTokenType.EndArray) return false;
        for (var first = true; reader.Read() && reader.TokenType == JsonTokenType.String; first = false)
        {
            reader.ValueSpan.CopyTo(_arena.Reserve(reader.ValueSpan.Length));
            _arena.Commit(reader.ValueSpan.Length);
            Level(Element, first ? 0 : 1);
            _isSet = true;
        }

        if (!_isSet) Level(EmptyList, 0);
        return _isSet = true;
    }

    public override void EndRow()
    {
        if (!_isSet) Level(NullList, 0);
        _isSet = false;
    }

    public override void Append(ColumnBuffer<ReadOnlyMemory<byte>> rows)
    {
        _definitions.AddRange(rows.Definitions);
        _repetitions.AddRange(rows.Repetitions);
        foreach (var element in rows.Values)
        {
            element.Span.CopyTo(_arena.Reserve(element.Length));
            _arena.Commit(element.Length);
        }
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, TextScratch scratch, CancellationToken cancellationToken)
    {
        int[] definitions = [.. _definitions];
        int[] repetitions = [.. _repetitions];
        if (!Ascii.IsValid(_arena.Span))
        {
            await group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(_utf8Element, scratch.Values(_arena), definitions, repetitions, cancellationToken);
            return;
        }

        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(_element, scratch.Texts(_arena), definitions, repetitions, cancellationToken);
    }

    public override void Clear()
    {
        _arena.Clear();
        _definitions.Clear();
        _repetitions.Clear();
        _isSet = false;
    }

    private static (ListField List, DataField Element) Declare(string name, Type type)
    {
        var element = new DataField("element", type, isNullable: false);
        return (new ListField(name, element), element);
    }

    private void Level(int definition, int repetition)
    {
        _definitions.Add(definition);
        _repetitions.Add(repetition);
    }
}
