using Parquet;
using Pipeline.Archiving.Tables;
using Pipeline.Monitoring;

namespace Pipeline.Archiving;

/// <summary>One file of a window while it is being written: rows collect in a table, and go to disk a row group at a time.</summary>
internal sealed class TableFile(LakeFileName name, Table table, StagingArea staging) : IAsyncDisposable
{
    private readonly string _path = staging.NewFile(name.Table);
    private FileStream? _stream;
    private ParquetWriter? _writer;

    public LakeFileName Name => name;

    public Table Table => table;

    /// <summary>The windows of a compacted file, to be known by the time that it is finished.</summary>
    public CompactedWindows? Windows { get; set; }

    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes the table's rows as a row group.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (table.Rows == 0) return;
        if (_writer is null)
        {
            _stream = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 128 * 1024);
            _writer = await ParquetWriter.CreateAsync(table.Schema, _stream, table.Options, cancellationToken: cancellationToken);
        }

        Rows += table.Rows;
        await table.WriteRowGroupAsync(_writer, cancellationToken);
    }

    /// <summary>Completes the file, seals it and syncs it to disk.</summary>
    public async Task<StagedFile> FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        _writer!.CustomMetadata = FileSeal.Metadata(table.Name, Windows);
        await _writer.DisposeAsync();
        _writer = null;
        FileSeal.Apply(_stream!);
        _stream!.Flush(flushToDisk: true);
        StepEvents.Log.Reached(Step.FileStaged);
        var bytes = _stream.Length;
        await _stream.DisposeAsync();
        return new StagedFile(_path, name, Rows, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
    }
}
