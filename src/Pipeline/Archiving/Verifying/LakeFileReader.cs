using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace Pipeline.Archiving.Verifying;

/// <summary>Reads one file of the lake, a row group at a time.</summary>
internal sealed class LakeFileReader : IAsyncDisposable
{
    private readonly FileStream _stream;
    private readonly ParquetReader _reader;
    private readonly TableShape _shape;

    private LakeFileReader(FileStream stream, ParquetReader reader, TableShape shape) => (_stream, _reader, _shape) = (stream, reader, shape);

    /// <summary>The columns, texts as bytes.</summary>
    public IReadOnlyList<DataField> Fields => _shape.Fields;

    public IEnumerable<ParquetRowGroupReader> RowGroups => _reader.RowGroups;

    /// <summary>The windows of a compacted file; null for another, or when the list cannot be read.</summary>
    public CompactedWindows? Windows =>
        _reader.CustomMetadata.TryGetValue(FileSeal.WindowsKey, out var windows) ? CompactedWindows.Parse(windows) : null;

    /// <summary>Opens a file after checking its bytes, schema and compression.</summary>
    /// <exception cref="UnsoundFileException">It is not what a file of its table has to be.</exception>
    public static async Task<LakeFileReader> OpenAsync(LakeFile file, CancellationToken cancellationToken)
    {
        var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 16 * 1024);
        try
        {
            FileBytes.Check(stream);
            var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
            var shape = await TableShape.OfAsync(file.Name.Table);
            CheckTable(reader, file.Name.Table);
            CheckSchema(TableShape.Describe(reader.Metadata!), shape.Columns, file.Name.Table);
            CheckFooter(reader.Metadata!);
            return new LakeFileReader(stream, reader, shape);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The keys of every row, a row group at a time, each time in the same object.</summary>
    /// <param name="everything">True to decode the other columns as well, and to check that texts are UTF-8.</param>
    /// <exception cref="UnsoundFileException">A column does not decode to what the footer says.</exception>
    public async IAsyncEnumerable<RowKeys> ReadAsync(bool everything, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var keys = new RowKeys(_shape.Type);
        using var texts = new ColumnBuffer<ReadOnlyMemory<byte>>();
        using var numbers = new ColumnBuffer<long>();
        foreach (var group in _reader.RowGroups)
        {
            keys.Count = checked((int)group.RowCount);

            // The others first, one after another in the same buffer: only the keys have to be there together.
            foreach (var field in everything ? _shape.Fields.Where(f => !RowKeys.IsKey(f.Name)) : [])
            {
                if (field.ClrType == typeof(long)) await numbers.ReadAsync(group, field, keys.Count, cancellationToken);
                else await ReadTextAsync(texts, group, field, keys.Count, checkText: true, cancellationToken);
            }

            texts.Clear();
            foreach (var field in _shape.Fields.Where(f => RowKeys.IsKey(f.Name)))
            {
                if (keys.Column(field.Name) is { } column) await ReadTextAsync(column, group, field, keys.Count, checkText: everything, cancellationToken);
                else await keys.TimeUs.ReadAsync(group, field, keys.Count, cancellationToken);
            }

            yield return keys;
            keys.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _stream.DisposeAsync();
    }

    private static void CheckTable(ParquetReader reader, string table)
    {
        var written = reader.CustomMetadata.GetValueOrDefault(FileSeal.TableKey);
        if (written != table)
        {
            throw new UnsoundFileException(
                LakeFindingKind.WrongTable, $"it was written for table '{written}' and lies in the folder of '{table}': move it back to type={written}");
        }
    }

    private static void CheckSchema(List<string> found, IReadOnlyList<string> expected, string table)
    {
        if (found.SequenceEqual(expected, StringComparer.Ordinal)) return;
        var at = found.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
        throw new UnsoundFileException(
            LakeFindingKind.WrongSchema,
            $"its column {at + 1} is {Name(found, at)} where table '{table}' has {Name(expected, at)} " +
            "(another version of the pipeline wrote it, or another program): write its window again with this version, or keep it outside of the lake");
    }

    private static string Name(IReadOnlyList<string> columns, int at) => at < columns.Count ? $"'{columns[at]}'" : "none";

    private static void CheckFooter(FileMetaData footer)
    {
        var rows = footer.RowGroups.Sum(g => g.NumRows);
        if (rows != footer.NumRows) throw new UnsoundFileException(LakeFindingKind.Unreadable, $"its footer counts {footer.NumRows} rows, its row groups {rows}");
        if (footer.RowGroups.SelectMany(g => g.Columns).FirstOrDefault(c => c.MetaData?.Codec != CompressionCodec.ZSTD) is { } other)
        {
            throw new UnsoundFileException(
                LakeFindingKind.WrongCompression,
                $"column '{string.Join('.', other.MetaData?.PathInSchema ?? [])}' is compressed with {other.MetaData?.Codec}, not zstd: write its window again");
        }
    }

    private async Task ReadTextAsync(
        ColumnBuffer<ReadOnlyMemory<byte>> column, ParquetRowGroupReader group, DataField field, int rows, bool checkText, CancellationToken cancellationToken)
    {
        await column.ReadAsync(group, field, rows, cancellationToken);
        if (!checkText || !_shape.TextFields.Contains(field.Path.ToString())) return;
        foreach (var value in column.Values)
        {
            if (!Utf8.IsValid(value.Span)) throw new UnsoundFileException(LakeFindingKind.Unreadable, $"column '{field.Path}' holds text that is not UTF-8");
        }
    }
}
