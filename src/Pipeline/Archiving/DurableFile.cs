using System.Runtime.InteropServices;

namespace Pipeline.Archiving;

/// <summary>What makes a file survive a power cut: its bytes and its name each have to be synced.</summary>
internal static partial class DurableFile
{
    /// <summary>Creates a folder and syncs the parents of what was created.</summary>
    public static void CreateDirectory(string path)
    {
        var missing = new Stack<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)) missing.Push(folder);
        while (missing.TryPop(out var folder))
        {
            Directory.CreateDirectory(folder);
            if (Path.GetDirectoryName(folder) is { Length: > 0 } parent) SyncDirectory(parent);
        }
    }

    /// <summary>Writes a small file so that it is there whole or not at all.</summary>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        File.Move(WriteTemporary(path, bytes), path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes a small file unless there is one: of two who try at the same time one succeeds.</summary>
    public static void WriteFirst(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = WriteTemporary(path, bytes);
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }

        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    // Two writers may be at the same file: each has a temporary name of its own.
    private static string WriteTemporary(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        using var file = new FileStream(temporary, FileMode.Create, FileAccess.Write);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
        return temporary;
    }

    /// <summary>Syncs the names in a folder. Windows has no such call and keeps its own journal.</summary>
    /// <exception cref="IOException">The folder cannot be opened or synced.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        const int ReadOnly = 0;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw new IOException($"Cannot open folder '{path}' to sync it: {Marshal.GetLastPInvokeErrorMessage()}.");
        try
        {
            if (FSync(descriptor) != 0) throw new IOException($"Cannot sync folder '{path}': {Marshal.GetLastPInvokeErrorMessage()}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
