using System.Buffers;
using Pipeline.Events;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Pipeline.Buffering;

/// <summary>
/// The layout of a record batch: <c>varint(length &lt;&lt; 1 | rejected)</c>, for rejected ones a reason byte and a varint of the full
/// length, then the bytes; all of it in one zstd frame, level 1, with content checksum. Lengths instead of newlines, since what a
/// source sends may contain newlines.
/// </summary>
public static class RecordBatch
{
    /// <summary>Largest decoded batch that a reader accepts, in bytes: a damaged header must not make it allocate more.</summary>
    public const int MaxDecodedBytes = 64 * 1024 * 1024;

    private const int Level = 1;

    /// <summary>Appends one record to a batch that is being built.</summary>
    public static void Add(IBufferWriter<byte> batch, ReadOnlySpan<byte> message, RejectReason? reason, long length)
    {
        WriteVarint(batch, ((ulong)message.Length << 1) | (reason is null ? 0ul : 1ul));
        if (reason is { } why)
        {
            batch.Write([(byte)why]);
            WriteVarint(batch, (ulong)length);
        }

        batch.Write(message);
    }

    /// <summary>A compressor for <see cref="Compress"/>; one per thread, disposed by the caller.</summary>
    public static Compressor CreateCompressor()
    {
        var compressor = new Compressor(Level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor;
    }

    public static byte[] Compress(Compressor compressor, ReadOnlySpan<byte> records)
    {
        // Rented: what a frame may need is what the batch takes, what it does need is a third of that.
        var room = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(records.Length));
        try
        {
            return room.AsSpan(0, compressor.Wrap(records, room)).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>Decodes a batch.</summary>
    /// <exception cref="CorruptBatchException">The frame's checksum, its length, or the number of records is wrong.</exception>
    public static List<BatchRecord> Decode(Decompressor decompressor, ReadOnlySpan<byte> frame, int count)
    {
        byte[] buffer = [];
        return Decode(decompressor, frame, count, ref buffer);
    }

    /// <inheritdoc cref="Decode(Decompressor, ReadOnlySpan{byte}, int)"/>
    /// <param name="buffer">Holds the records until the next call with it; replaced when it is too small.</param>
    public static List<BatchRecord> Decode(Decompressor decompressor, ReadOnlySpan<byte> frame, int count, ref byte[] buffer)
    {
        if (frame.IsEmpty && count == 0) return [];
        try
        {
            var size = Decompressor.GetDecompressedSize(frame);
            if (size > MaxDecodedBytes) throw new CorruptBatchException($"The batch claims {size} bytes; at most {MaxDecodedBytes} are possible.");
            var decoded = Room(ref buffer, (int)size);
            var length = decompressor.Unwrap(frame, decoded.Span);
            if (length != decoded.Length) throw new CorruptBatchException($"The batch decodes to {length} bytes instead of {decoded.Length}.");
            return Split(decoded, count);
        }
        catch (ZstdException e)
        {
            throw new CorruptBatchException($"The batch does not decompress: {e.Message}", e);
        }
    }

    /// <summary>Decodes an entry's batch; a corrupt one becomes a single rejected record that holds the frame as stored.</summary>
    public static List<BatchRecord> DecodeOrQuarantine(Decompressor decompressor, LogEntry entry)
    {
        byte[] buffer = [];
        return DecodeOrQuarantine(decompressor, entry, ref buffer);
    }

    /// <inheritdoc cref="DecodeOrQuarantine(Decompressor, LogEntry)"/>
    /// <inheritdoc cref="Decode(Decompressor, ReadOnlySpan{byte}, int, ref byte[])" path="/param"/>
    public static List<BatchRecord> DecodeOrQuarantine(Decompressor decompressor, LogEntry entry, ref byte[] buffer)
    {
        try
        {
            return Decode(decompressor, entry.Frame.Span, entry.Count, ref buffer);
        }
        catch (CorruptBatchException)
        {
            return [new BatchRecord(entry.Frame, RejectReason.CorruptBatch, entry.Frame.Length)];
        }
    }

    private static Memory<byte> Room(ref byte[] buffer, int size)
    {
        if (buffer.Length < size) buffer = new byte[size];
        return buffer.AsMemory(0, size);
    }

    private static List<BatchRecord> Split(ReadOnlyMemory<byte> batch, int count)
    {
        // The count is stored beside the frame, where no checksum guards it.
        var records = new List<BatchRecord>(Math.Clamp(count, 0, 4096));
        var decoded = batch.Span;
        var at = 0;
        while (at < decoded.Length)
        {
            if (records.Count >= count) throw new CorruptBatchException($"The batch holds more than the {count} records that its entry says.");
            var head = ReadVarint(decoded, ref at);
            var rejected = (head & 1) == 1;
            var length = (long)(head >> 1);
            RejectReason? reason = rejected && at < decoded.Length ? (RejectReason)decoded[at++] : null;
            var full = rejected ? (long)ReadVarint(decoded, ref at) : length;
            if (length > decoded.Length - at) throw new CorruptBatchException($"Record {records.Count} of the batch runs past its end.");
            records.Add(new BatchRecord(batch.Slice(at, (int)length), reason, full));
            at += (int)length;
        }

        return records.Count == count
            ? records
            : throw new CorruptBatchException($"The batch holds {records.Count} records; its entry says {count}.");
    }

    private static void WriteVarint(IBufferWriter<byte> batch, ulong value)
    {
        var span = batch.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        batch.Advance(length);
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new CorruptBatchException("A record's length in the batch is damaged.");
    }
}
