using System.Buffers.Binary;

namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Checks a file's bytes before Parquet.Net sees them: on a damaged footer it may read for ever, since it takes the end of its input
/// for a number that goes on.
/// </summary>
internal static class FileBytes
{
    private const int Magic = 4;
    private const int Smallest = Magic + sizeof(int) + Magic;

    /// <exception cref="UnsoundFileException">The file is cut short, damaged or not sealed.</exception>
    public static void Check(FileStream file)
    {
        var length = RandomAccess.GetLength(file.SafeFileHandle);
        if (length < Smallest) throw Unreadable(length == 0 ? "it is empty" : $"it has only {length} bytes");

        Span<byte> head = stackalloc byte[Magic];
        Span<byte> tail = stackalloc byte[sizeof(int) + Magic];
        RandomAccess.Read(file.SafeFileHandle, head, 0);
        RandomAccess.Read(file.SafeFileHandle, tail, length - tail.Length);
        if (!head.SequenceEqual("PAR1"u8)) throw Unreadable("it does not begin as a Parquet file does");
        if (!tail[sizeof(int)..].SequenceEqual("PAR1"u8)) throw Unreadable("it does not end as a Parquet file does: it is cut short or was written to");
        var footer = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (footer <= 0 || footer > length - Smallest) throw Unreadable($"its footer claims {footer} bytes of {length}");

        switch (FileSeal.Check(file.SafeFileHandle))
        {
            case null:
                throw new UnsoundFileException(
                    LakeFindingKind.NotSealed, "it carries no checksum, so something else wrote it or its footer is damaged; its rows were not checked");
            case false:
                throw new UnsoundFileException(
                    LakeFindingKind.Damaged, "its bytes are not those that were written (the checksum in its footer does not hold); its rows were not checked");
        }
    }

    private static UnsoundFileException Unreadable(string what) => new(LakeFindingKind.Unreadable, what);
}
