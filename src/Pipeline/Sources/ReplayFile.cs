using System.Globalization;
using System.IO.Compression;
using ZstdSharp;

namespace Pipeline.Sources;

/// <summary>One open file of a replay, unpacked and split into lines.</summary>
internal sealed class ReplayFile : IAsyncDisposable
{
    private const int FirstLineBytes = 4096;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly IAsyncDisposable _unpacked;
    private readonly Func<Memory<byte>, CancellationToken, ValueTask<int>> _read;
    private long _unpackedBytes;

    private ReplayFile(string path, FileStream file, int maxLineBytes)
    {
        _path = path;
        _file = file;
        if (IsGzip(path))
        {
            var gzip = new GzipReader(file);
            (_unpacked, _read) = (gzip, gzip.ReadAsync);
        }
        else
        {
            Stream stream = IsZstd(path) ? new DecompressionStream(file, leaveOpen: false) : file;
            (_unpacked, _read) = (stream, stream.ReadAsync);
        }

        Lines = new LineReader(ReadAsync, maxLineBytes);
    }

    public LineReader Lines { get; }

    /// <exception cref="SourceException">The file cannot be opened.</exception>
    public static ReplayFile Open(string path, int maxLineBytes) => new(path, OpenFile(path), maxLineBytes);

    /// <summary>
    /// The first line of a file, unpacked, cut at 4096 bytes; nothing of a file that is damaged there, which reading it will tell. Damage behind that line
    /// does not matter here: it is unpacked byte by byte, since whoever unpacks more meets that damage and gets nothing.
    /// </summary>
    /// <exception cref="SourceException">The file cannot be opened.</exception>
    public static byte[] ReadFirstLine(string path)
    {
        using var file = OpenFile(path);
        try
        {
            using Stream stream = IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : IsZstd(path) ? new DecompressionStream(file) : file;
            var line = new byte[FirstLineBytes];
            var length = 0;
            while (length < line.Length && stream.ReadByte() is not (-1 or '\r' or '\n') and var next) line[length++] = (byte)next;
            return line[..length];
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ZstdException)
        {
            return [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        Lines.Dispose();
        await _unpacked.DisposeAsync();
    }

    private static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsZstd(string path) => path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    private static FileStream OpenFile(string path)
    {
        try
        {
            return File.Open(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"Cannot open '{path}': {Sentence.Of(e)} Make it readable, or take it out of the folder, and start again.", e);
        }
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await _read(buffer, cancellationToken);
            _unpackedBytes += read;
            return read;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ZstdException)
        {
            throw new SourceException(string.Create(CultureInfo.InvariantCulture,
                $"Cannot read '{_path}' on from byte {_unpackedBytes} unpacked (about {_file.Position} of {_file.Length} packed): {Sentence.Of(e)} " +
                $"The lines before it were delivered. Put a whole copy in its place and start again: the replay resumes where it stopped."), e);
        }
    }
}
