using System.Buffers;
using Parquet;
using Parquet.Schema;

namespace Pipeline.Archiving.Verifying;

/// <summary>A column of one row group, in memory that is used again for the next one.</summary>
internal sealed class ColumnBuffer<T> : IDisposable where T : struct
{
    private T[] _values = [];
    private int[] _definitions = [];
    private int[] _repetitions = [];
    private int _count;
    private int _definitionCount;
    private int _repetitionCount;

    /// <summary>A value for each row, the default for null; of a list column, the elements without the nulls.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    /// <summary>Definition levels as they are stored; none where there can be no null.</summary>
    public ReadOnlySpan<int> Definitions => _definitions.AsSpan(0, _definitionCount);

    /// <summary>Repetition levels as they are stored; none but in a list column.</summary>
    public ReadOnlySpan<int> Repetitions => _repetitions.AsSpan(0, _repetitionCount);

    /// <exception cref="UnsoundFileException">The column has other than <paramref name="rows"/> values.</exception>
    public async Task ReadAsync(ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancellationToken)
    {
        var isList = field.MaxRepetitionLevel > 0;
        var count = checked((int)(group.GetMetadata(field)?.MetaData?.NumValues ?? 0));
        if (count < rows || (count > rows && !isList))
        {
            throw new UnsoundFileException(LakeFindingKind.Unreadable, $"column '{field.Path}' has {count} values in a row group of {rows} rows");
        }

        Grow(ref _values, count);
        Memory<int>? definitions = null;
        Memory<int>? repetitions = null;
        if (field.MaxDefinitionLevel > 0) definitions = Grow(ref _definitions, count).AsMemory(0, count);
        if (isList) repetitions = Grow(ref _repetitions, count).AsMemory(0, count);
        await group.ReadRawAsync(field, _values.AsMemory(0, count), definitions, repetitions, cancellationToken);

        _count = count;
        (_definitionCount, _repetitionCount) = (definitions?.Length ?? 0, repetitions?.Length ?? 0);
        if (definitions is { } levels) Spread(levels.Span, field.MaxDefinitionLevel, keepNulls: !isList);
    }

    /// <summary>Lets go of the values, and keeps the memory.</summary>
    public void Clear()
    {
        Array.Clear(_values);
        _count = 0;
    }

    public void Dispose()
    {
        Return(ref _values);
        Return(ref _definitions);
        Return(ref _repetitions);
        _count = 0;
    }

    /// <summary>Moves the values, which lie densely at the front, each to its row.</summary>
    private void Spread(ReadOnlySpan<int> levels, int defined, bool keepNulls)
    {
        var next = 0;
        foreach (var level in levels)
        {
            if (level == defined) next++;
        }

        if (!keepNulls)
        {
            _count = next;
            return;
        }

        for (var row = _count - 1; row >= 0; row--) _values[row] = levels[row] == defined ? _values[--next] : default;
    }

    private static TItem[] Grow<TItem>(ref TItem[] array, int length)
    {
        if (array.Length >= length) return array;
        Return(ref array);
        return array = ArrayPool<TItem>.Shared.Rent(length);
    }

    private static void Return<TItem>(ref TItem[] array)
    {
        // Cleared, or the pool would keep every value alive.
        if (array.Length > 0) ArrayPool<TItem>.Shared.Return(array, clearArray: true);
        array = [];
    }
}
