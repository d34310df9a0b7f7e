using System.Collections.Concurrent;

namespace Pipeline.Archiving;

/// <summary>What a writer has done since it started, for progress displays and metrics. Safe to read from any thread.</summary>
public sealed class WriteStats
{
    private readonly ConcurrentDictionary<string, long> _rows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _filesOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _bytesOf = new(StringComparer.Ordinal);
    private long _windows;
    private long _files;
    private long _bytes;
    private long _lost;
    private long _corrupt;
    private long _repeated;

    /// <summary>Raised when a window's files are in the lake, on the writer's thread.</summary>
    public event Action<StagedWindow>? WindowWritten;

    public long Windows => Volatile.Read(ref _windows);

    public long Files => Volatile.Read(ref _files);

    /// <summary>Bytes of the files.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Records that the log should have held and did not.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Records of batches that could not be read.</summary>
    public long Corrupt => Volatile.Read(ref _corrupt);

    /// <summary>Records left out since the lake had them.</summary>
    public long Repeated => Volatile.Read(ref _repeated);

    /// <summary>Rows of all tables.</summary>
    public long Rows => _rows.Values.Sum();

    public long RowsOf(string table) => _rows.GetValueOrDefault(table);

    public long FilesOf(string table) => _filesOf.GetValueOrDefault(table);

    /// <summary>Bytes of a table's files.</summary>
    public long BytesOf(string table) => _bytesOf.GetValueOrDefault(table);

    internal void Count(StagedWindow window)
    {
        if (window.Files.Count > 0) Interlocked.Increment(ref _windows);
        Interlocked.Add(ref _lost, window.Lost);
        Interlocked.Add(ref _corrupt, window.Corrupt);
        Interlocked.Add(ref _repeated, window.Repeated);
        foreach (var file in window.Files)
        {
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, file.Bytes);
            _filesOf.AddOrUpdate(file.Name.Table, 1, (_, files) => files + 1);
            _bytesOf.AddOrUpdate(file.Name.Table, file.Bytes, (_, bytes) => bytes + file.Bytes);
            _rows.AddOrUpdate(file.Name.Table, file.Rows, (_, rows) => rows + file.Rows);
        }

        WindowWritten?.Invoke(window);
    }
}
