using System.Runtime.InteropServices;

namespace Pipeline.Archiving.Compacting;

/// <summary>Two folders exchange their places in one step, so that whoever lists one of them sees all of the one or all of the other.</summary>
internal static partial class FolderExchange
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 1 << 1;

    // EXDEV, EINVAL, ENOSYS, EOPNOTSUPP
    private static readonly int[] _cannot = [18, 22, 38, 95];

    /// <exception cref="LakeException">The system or the file system cannot do it.</exception>
    /// <exception cref="IOException">It failed.</exception>
    public static void Swap(string folder, string other)
    {
        if (!OperatingSystem.IsLinux()) throw Unsupported(folder, "it takes Linux' renameat2");
        try
        {
            if (RenameAt2(CurrentFolder, folder, CurrentFolder, other, Exchange) == 0) return;
        }
        catch (EntryPointNotFoundException)
        {
            throw Unsupported(folder, "the C library has no renameat2");
        }

        var (error, message) = (Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
        if (_cannot.Contains(error)) throw Unsupported(folder, $"renameat2: {message}");
        throw new IOException($"Cannot exchange folder '{folder}' with '{other}': {message}.");
    }

    private static LakeException Unsupported(string folder, string why) => new(
        $"The file system of '{folder}' cannot exchange two folders in one step ({why}), without which readers would see rows twice or not at all. " +
        "Nothing was changed. For larger files write longer windows (--window 1h).");

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);
}
