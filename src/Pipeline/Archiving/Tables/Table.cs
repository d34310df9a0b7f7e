using Parquet;
using Parquet.Schema;
using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>Rows of one table, buffered by column until they become a row group.</summary>
internal abstract class Table
{
    private readonly List<TableColumn> _columns = [];
    private ParquetSchema? _schema;
    private ParquetOptions? _options;

    /// <summary>The table's name: post, like, repost, follow, block or rejected.</summary>
    public abstract string Name { get; }

    public int Rows { get; private set; }

    /// <summary>In the order of the schema, a leaf of it each.</summary>
    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>Bytes buffered.</summary>
    public int Bytes
    {
        get
        {
            var bytes = 0;
            foreach (var column in _columns) bytes += column.Bytes;
            return bytes;
        }
    }

    public ParquetSchema Schema => _schema ??= new ParquetSchema([.. _columns.Select(c => c.Field)]);

    public ParquetOptions Options => _options ??= CreateOptions();

    /// <param name="name">post, like, repost, follow, block or rejected.</param>
    public static Table Create(string name) =>
        name == LakeFileName.RejectedTable ? new RejectedTable() : EventTable.Create(EventTypes.All.Single(t => t.Name() == name));

    /// <summary>Counts the rows whose values were added to every column.</summary>
    public void EndRows(int count) => Rows += count;

    /// <summary>Writes the buffered rows as one row group, and forgets them.</summary>
    public async Task WriteRowGroupAsync(ParquetWriter writer, CancellationToken cancellationToken)
    {
        using (var scratch = await TextScratch.RentAsync(cancellationToken))
        using (var group = writer.CreateRowGroup())
        {
            foreach (var column in _columns) await column.WriteAsync(group, scratch, cancellationToken);
            group.CompleteValidate();
        }

        Clear();
    }

    public void Clear()
    {
        foreach (var column in _columns) column.Clear();
        Rows = 0;
    }

    protected T Add<T>(T column) where T : TableColumn
    {
        _columns.Add(column);
        return column;
    }

    protected void EndRow()
    {
        foreach (var column in _columns) column.EndRow();
        Rows++;
    }

    private ParquetOptions CreateOptions()
    {
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            CompressionLevel = System.IO.Compression.CompressionLevel.Optimal,

            // Pages are a few MB: the library's pools would hold on to much more than two columns at a time need.
            MaximumSmallPoolFreeBytes = 4 * 1024 * 1024,
            MaximumLargePoolFreeBytes = 8 * 1024 * 1024,

            // A column whose first rows hardly repeat is not worth a dictionary; looking at all of them costs more than it finds.
            DictionaryEncodingThreshold = 0.7,
            DictionaryEncodingSampleSize = 4096,
        };
        foreach (var field in Schema.DataFields)
        {
            var column = _columns.Single(c => c.Field.Name == field.Path.FirstPart);
            options.ColumnEncodingHints[field.Path.ToString()] = column.Hint;
        }

        return options;
    }
}
