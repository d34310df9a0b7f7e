using System.Buffers;

namespace Pipeline.Sources;

/// <summary>
/// Splits a stream into lines (LF or CRLF) in one buffer that grows to the longest line kept, and no further however long a line is.
/// </summary>
internal sealed class LineReader(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int maxLineBytes) : IDisposable
{
    private const int InitialBytes = 128 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _start;
    private int _scanned;
    private int _end;
    private long _dropped;
    private byte _lastDropped;
    private bool _ended;

    /// <summary>Takes the next line out of the buffer; false when more must be read first, or nothing is left.</summary>
    public bool TryReadLine(out Line line)
    {
        var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        var lineEnd = found >= 0 ? _scanned + found : _end;
        if (found < 0 && !(_ended && (_end > _start || _dropped > 0)))
        {
            _scanned = _end;
            line = default;
            return false;
        }

        line = Finish(lineEnd);
        _start = _scanned = Math.Min(lineEnd + 1, _end);
        _dropped = 0;
        return true;
    }

    /// <summary>Skips up to <paramref name="count"/> lines of those in the buffer; returns how many it skipped.</summary>
    public long Skip(long count)
    {
        var skipped = 0L;
        var whole = _buffer.AsSpan(_start, _end - _start);
        if (whole.Count((byte)'\n') is var inBuffer && inBuffer <= count && inBuffer > 0)
        {
            _start = _scanned = _start + whole.LastIndexOf((byte)'\n') + 1;
            _dropped = 0;
            return inBuffer;
        }

        while (skipped < count && TryReadLine(out _))
            skipped++;
        return skipped;
    }

    /// <summary>Reads more; false at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;

        MakeRoom();
        var count = await read(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        _ended = count == 0;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private Line Finish(int lineEnd)
    {
        var length = lineEnd - _start + _dropped;
        var last = _dropped > 0 && lineEnd - _start == maxLineBytes ? _lastDropped : lineEnd > _start ? _buffer[lineEnd - 1] : (byte)0;
        if (last == '\r')
            length--;
        return new Line(_buffer.AsMemory(_start, (int)Math.Min(length, maxLineBytes)), length);
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;

        if (_end > maxLineBytes)
        {
            _lastDropped = _buffer[_end - 1];
            _dropped += _end - maxLineBytes;
            _end = maxLineBytes;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _scanned = _end;
    }
}
