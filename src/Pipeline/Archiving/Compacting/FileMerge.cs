using Parquet;
using Pipeline.Archiving.Tables;
using Pipeline.Archiving.Verifying;

namespace Pipeline.Archiving.Compacting;

/// <summary>Makes one file of several of a table, row for row, and reads it back before it counts. A single file keeps its name and its bytes.</summary>
internal sealed class FileMerge(LakeOptions options, StagingArea staging) : IDisposable
{
    private readonly ColumnBuffer<ReadOnlyMemory<byte>> _texts = new();
    private readonly ColumnBuffer<long> _numbers = new();

    /// <param name="sources">Files of one hour, table and shard; their rows follow each other in this order.</param>
    /// <exception cref="UnsoundFileException">A source is not what was written.</exception>
    /// <exception cref="LakeException">What was written is not what was read.</exception>
    public async Task<StagedFile> RunAsync(IReadOnlyList<LakeFile> sources, CancellationToken cancellationToken)
    {
        if (sources.Count == 1) return Copy(sources[0]);
        var name = sources[0].Name with { WindowMs = sources.Min(s => s.Name.WindowMs), LastWindowMs = sources.Max(s => s.Name.EndWindowMs) };
        var table = Table.Create(name.Table);
        var hashes = new ColumnHashes(table.Columns.Count);
        var windows = new Dictionary<long, long>();
        await using var file = new TableFile(name, table, staging);
        foreach (var source in sources)
        {
            await using var reader = await LakeFileReader.OpenAsync(source, cancellationToken);
            var rows = 0L;
            foreach (var group in reader.RowGroups)
            {
                if (table.Rows + group.RowCount > options.RowGroupRows) await file.FlushAsync(cancellationToken);
                rows += await ReadAsync(group, reader, table, hashes, cancellationToken);
                if (table.Bytes >= options.RowGroupBytes) await file.FlushAsync(cancellationToken);
            }

            Count(windows, source, reader, rows);
        }

        file.Windows = new CompactedWindows(windows);
        var staged = await file.FinishAsync(cancellationToken);
        await CheckAsync(staged, hashes, file.Windows, cancellationToken);
        return staged;
    }

    public void Dispose()
    {
        _texts.Dispose();
        _numbers.Dispose();
    }

    private StagedFile Copy(LakeFile source)
    {
        var path = staging.NewFile(source.Name.Table);
        File.Copy(source.FullPath, path);
        using var copy = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        if (FileSeal.Check(copy.SafeFileHandle) != true) throw new UnsoundFileException(LakeFindingKind.Damaged, "its checksum does not hold");
        copy.Flush(flushToDisk: true);
        return new StagedFile(path, source.Name, Rows: 0, source.Bytes);
    }

    private static void Count(Dictionary<long, long> windows, LakeFile source, LakeFileReader reader, long rows)
    {
        var own = source.Name.LastWindowMs is null ? new CompactedWindows(new Dictionary<long, long> { [source.Name.WindowMs] = rows }) : reader.Windows;
        if (own is null || own.TotalRows != rows)
        {
            throw new UnsoundFileException(LakeFindingKind.WrongWindows, $"it holds {rows:N0} rows, and the windows in its footer {own?.TotalRows.ToString("N0", null) ?? "are not to be read"}");
        }

        foreach (var (start, count) in own.Rows)
        {
            if (!windows.TryAdd(start, count))
            {
                throw new UnsoundFileException(LakeFindingKind.DuplicateRow, $"its window {new TimeWindow(start, 0).Name} is in another file of the folder as well");
            }
        }
    }

    /// <summary>Reads a row group into the hashes, and into a table if there is one.</summary>
    /// <returns>How many rows.</returns>
    private async Task<int> ReadAsync(ParquetRowGroupReader group, LakeFileReader reader, Table? table, ColumnHashes hashes, CancellationToken cancellationToken)
    {
        var rows = checked((int)group.RowCount);
        for (var column = 0; column < reader.Fields.Count; column++)
        {
            var field = reader.Fields[column];
            if (field.ClrType == typeof(long))
            {
                await _numbers.ReadAsync(group, field, rows, cancellationToken);
                hashes.Add(column, _numbers);
                table?.Columns[column].Append(_numbers);
            }
            else
            {
                await _texts.ReadAsync(group, field, rows, cancellationToken);
                hashes.Add(column, _texts);
                table?.Columns[column].Append(_texts);
                _texts.Clear();
            }
        }

        table?.EndRows(rows);
        return rows;
    }

    private async Task CheckAsync(StagedFile staged, ColumnHashes expected, CompactedWindows windows, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await LakeFileReader.OpenAsync(new LakeFile(staged.Name, staged.Name.RelativePath, staged.TemporaryPath, staged.Bytes), cancellationToken);
            var found = new ColumnHashes(reader.Fields.Count);
            foreach (var group in reader.RowGroups) await ReadAsync(group, reader, table: null, found, cancellationToken);
            if (found.AreThoseOf(expected) && reader.Windows?.ToString() == windows.ToString()) return;
            throw NotAsWritten(staged, null);
        }
        catch (UnsoundFileException e)
        {
            throw NotAsWritten(staged, e);
        }
    }

    private static LakeException NotAsWritten(StagedFile staged, UnsoundFileException? why) => new(
        $"'{staged.Name.RelativePath}' was read back and is not what was written to it{(why is null ? "" : $" ({why.Message})")}. Nothing was changed. " +
        "Check the memory and the disk of this machine; if they are sound, this is a bug: report it.", why);
}
