using System.Runtime.InteropServices;

namespace Pipeline;

/// <summary>
/// The C library's heap, where zstd's contexts live, a few MB each. glibc gives each thread a heap of its own and keeps there what is freed, until every
/// thread of the pool has compressed once. Trimming gives back what lies between what is in use, not the end of each heap.
/// </summary>
internal static partial class NativeHeap
{
    private static bool _isGlibc = OperatingSystem.IsLinux();

    /// <summary>Gives back to the system what is freed. Does nothing where the C library is not glibc.</summary>
    public static void Trim()
    {
        if (!_isGlibc) return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            _isGlibc = false;
        }
    }

    /// <param name="pad">Bytes to keep.</param>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
