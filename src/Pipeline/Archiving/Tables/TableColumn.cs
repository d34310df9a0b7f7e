using Parquet;
using Parquet.Schema;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Tables;

/// <summary>One column of a table: buffers values row by row, and writes them as one column chunk.</summary>
internal abstract class TableColumn
{
    /// <summary>The column as the schema declares it.</summary>
    public abstract Field Field { get; }

    /// <summary>Bytes buffered.</summary>
    public abstract int Bytes { get; }

    /// <summary>The encoding to ask for.</summary>
    public virtual EncodingHint Hint => EncodingHint.Default;

    /// <summary>Ends a row: a value that was not set becomes null.</summary>
    public abstract void EndRow();

    /// <summary>Adds the same column of a row group that was read.</summary>
    public virtual void Append(ColumnBuffer<ReadOnlyMemory<byte>> rows) => throw new NotSupportedException($"Column '{Field.Name}' holds no texts.");

    /// <inheritdoc cref="Append(ColumnBuffer{ReadOnlyMemory{byte}})"/>
    public virtual void Append(ColumnBuffer<long> rows) => throw new NotSupportedException($"Column '{Field.Name}' holds no numbers.");

    /// <summary>Writes what is buffered, with the help of <paramref name="scratch"/>. Columns are written in schema order.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, TextScratch scratch, CancellationToken cancellationToken);

    /// <summary>Forgets what is buffered, and keeps the memory.</summary>
    public abstract void Clear();
}
