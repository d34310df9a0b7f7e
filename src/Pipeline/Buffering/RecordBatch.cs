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
        if (frame.IsEmpty && count == 0) return [];
        byte[] decoded;
        try
        {
            var size = Decompressor.GetDecompressedSize(frame);
            if (size > MaxDecodedBytes) throw new CorruptBatchException($"The batch claims {size} bytes; at most {MaxDecodedBytes} are possible.");
            decoded = new byte[size];
            var length = decompressor.Unwrap(frame, decoded);
            if (length != decoded.Length) throw new CorruptBatchException($"The batch decodes to {length} bytes instead of {decoded.Length}.");
        }
        catch (ZstdException e)
        {
            throw new CorruptBatchException($"The batch does not decompress: {e.Message}", e);
        }

        return Split(decoded, count);
    }

    /// <summary>Decodes an entry's batch; a corrupt one becomes a single rejected record that holds the frame as stored.</summary>
    public static List<BatchRecord> DecodeOrQuarantine(Decompressor decompressor, LogEntry entry)
    {
        try
        {
            return Decode(decompressor, entry.Frame.Span, entry.Count);
        }
        catch (CorruptBatchException)
        {
            return [new BatchRecord(entry.Frame, RejectReason.CorruptBatch, entry.Frame.Length)];
        }
    }

    private static List<BatchRecord> Split(byte[] decoded, int count)
    {
        // The count is stored beside the frame, where no checksum guards it.
        var records = new List<BatchRecord>(Math.Clamp(count, 0, 4096));
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
            records.Add(new BatchRecord(decoded.AsMemory(at, (int)length), reason, full));
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

    private static ulong ReadVarint(byte[] bytes, ref int at)
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
