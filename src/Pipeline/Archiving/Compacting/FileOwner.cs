using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pipeline.Archiving.Compacting;

/// <summary>
/// Who may read and write what takes another's place: a compaction may be run by root, from cron, and the writer has to be able to add to the folder it made.
/// </summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const uint UidAndGid = 0x8 | 0x10;

    // Of `struct statx`, which is the same on every architecture.
    private const int StatxSize = 256;
    private const int UidAt = 20;
    private const int GidAt = 24;

    /// <summary>Gives a file or folder the owner, group and mode of another.</summary>
    /// <exception cref="IOException">The owner cannot be given: only root may, or the owner itself.</exception>
    public static void Copy(string from, string to)
    {
        if (!OperatingSystem.IsLinux()) return;
        var (owner, own) = (Of(from), Of(to));
        if (owner != own && ChangeOwner(to, owner.User, owner.Group) != 0)
        {
            throw new IOException($"Cannot give '{to}' to the owner of '{from}' (user {owner.User}, group {owner.Group}): {Marshal.GetLastPInvokeErrorMessage()}. Run this as that user.");
        }

        File.SetUnixFileMode(to, File.GetUnixFileMode(from));
    }

    /// <summary>The numbers of a file's user and group.</summary>
    public static (uint User, uint Group) Of(string path)
    {
        var status = new byte[StatxSize];
        if (Statx(CurrentFolder, path, 0, UidAndGid, status) != 0) throw new IOException($"Cannot look at '{path}': {Marshal.GetLastPInvokeErrorMessage()}.");
        return (Read(UidAt), Read(GidAt));

        uint Read(int at) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(status.AsSpan(at));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
