using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Archiving;

/// <summary>
/// A checksum of every byte of a file, in the file's own footer metadata. Parquet.Net writes neither page checksums nor zstd ones, so
/// without it most flipped bits would decode to something else, and some would hang the reader.
/// </summary>
internal static class FileSeal
{
    /// <summary>Footer metadata: the table, which path and schema alone do not tell (likes look like reposts, follows like blocks).</summary>
    public const string TableKey = "pipeline.table";

    /// <summary>Footer metadata of a compacted file: <see cref="CompactedWindows"/>.</summary>
    public const string WindowsKey = "pipeline.windows";

    private const string Key = "pipeline.xxh128";
    private const byte Digits = 32;
    private const byte Blank = (byte)'0';
    private const int Tail = 8;

    // In the footer's Thrift, a key is followed by the header of the value's field and the value's length.
    private static readonly byte[] _mark = [.. Encoding.ASCII.GetBytes(Key), 0x18, Digits];

    /// <summary>The metadata to write a file with; <see cref="Apply"/> fills in the checksum.</summary>
    /// <param name="windows">Of a compacted file.</param>
    public static Dictionary<string, string> Metadata(string table, CompactedWindows? windows = null)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [TableKey] = table };
        if (windows is not null) metadata[WindowsKey] = windows.ToString();
        metadata[Key] = new string((char)Blank, Digits);
        return metadata;
    }

    /// <summary>Fills in the checksum of a complete file.</summary>
    public static void Apply(FileStream file)
    {
        file.Flush();
        var at = Find(file.SafeFileHandle)
            ?? throw new InvalidOperationException($"'{file.Name}' has no room for a checksum in its footer: it was not written with {nameof(Metadata)}.");
        RandomAccess.Write(file.SafeFileHandle, Compute(file.SafeFileHandle, at), at);
    }

    /// <summary>Whether the file is as it was written; null when it carries no checksum.</summary>
    public static bool? Check(SafeFileHandle file)
    {
        if (Find(file) is not { } at) return null;
        Span<byte> stored = stackalloc byte[Digits];
        return RandomAccess.Read(file, stored, at) == Digits && stored.SequenceEqual(Compute(file, at));
    }

    /// <summary>Where the checksum stands.</summary>
    private static long? Find(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> tail = stackalloc byte[Tail];
        if (length < Tail || RandomAccess.Read(file, tail, length - Tail) < Tail) return null;
        var size = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (size <= 0 || size > length - Tail) return null;

        var start = length - Tail - size;
        var footer = new byte[size];
        if (RandomAccess.Read(file, footer, start) < size) return null;
        var at = footer.AsSpan().LastIndexOf(_mark);
        return at < 0 || at + _mark.Length + Digits > size ? null : start + at + _mark.Length;
    }

    /// <summary>The checksum of the file with the checksum's own place blank.</summary>
    private static byte[] Compute(SafeFileHandle file, long at)
    {
        var hash = new XxHash128();
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            int read;
            for (var offset = 0L; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            {
                var from = Math.Max(at, offset);
                var to = Math.Min(at + Digits, offset + read);
                if (from < to) buffer.AsSpan((int)(from - offset), (int)(to - from)).Fill(Blank);
                hash.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetCurrentHash()));
    }
}
