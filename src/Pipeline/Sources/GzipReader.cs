using System.IO.Compression;

namespace Pipeline.Sources;

/// <summary>
/// Reads gzip, several members too, and notices when it was cut off. <see cref="GZipStream"/> takes a truncated file for a
/// complete one; so at its end it is fed one more member, which it can only unpack if the last was complete.
/// </summary>
internal sealed class GzipReader : IAsyncDisposable
{
    private static readonly byte[] Sentinel = "end of replay"u8.ToArray();
    private static readonly byte[] SentinelMember = Compress(Sentinel);

    private readonly SentinelStream _input;
    private readonly GZipStream _gzip;

    public GzipReader(Stream file)
    {
        _input = new SentinelStream(file);
        _gzip = new GZipStream(_input, CompressionMode.Decompress);
    }

    /// <exception cref="InvalidDataException">The data is damaged or incomplete.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _gzip.ReadAsync(buffer, cancellationToken);
        if (read == 0)
            await VerifyEndAsync(cancellationToken);
        return read;
    }

    public ValueTask DisposeAsync() => _gzip.DisposeAsync();

    private async Task VerifyEndAsync(CancellationToken cancellationToken)
    {
        _input.FeedSentinel();
        var found = new byte[Sentinel.Length + 1];
        int read;
        try
        {
            read = await _gzip.ReadAtLeastAsync(found, found.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException("The last gzip member is incomplete.", e);
        }

        if (!found.AsSpan(0, read).SequenceEqual(Sentinel))
            throw new InvalidDataException("The last gzip member is incomplete, or followed by something else.");
    }

    private static byte[] Compress(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(content);
        return target.ToArray();
    }

    /// <summary>The file, and once asked for, the sentinel after it.</summary>
    private sealed class SentinelStream(Stream file) : Stream
    {
        private MemoryStream? _sentinel;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void FeedSentinel() => _sentinel ??= new MemoryStream(SentinelMember);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            (_sentinel ?? file).ReadAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => (_sentinel ?? file).Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }
    }
}
