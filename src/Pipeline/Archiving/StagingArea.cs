namespace Pipeline.Archiving;

/// <summary>
/// A writer's own folder for files that are not complete yet: on the lake's file system, so that a rename publishes them, and outside
/// its partitions, so that no reader meets them. An open lock file beside it tells the living from the dead; it is there before the
/// folder is, so a folder whose lock is free has no owner.
/// </summary>
internal sealed class StagingArea : IDisposable
{
    private const string LockExtension = ".lock";
    private const string NewLockExtension = ".new";
    private const int MostAttempts = 10;

    private readonly FileStream _lock;
    private int _next;

    private StagingArea(string path)
    {
        Path = path;

        // Unix makes a file first and locks it then; a lock that bears its name is locked already. (Windows does both at once, and renames no open file.)
        var made = OperatingSystem.IsWindows() ? path + LockExtension : path + NewLockExtension;
        _lock = new FileStream(made, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        if (!OperatingSystem.IsWindows()) File.Move(made, path + LockExtension);
        Directory.CreateDirectory(path);
    }

    public string Path { get; }

    /// <summary>Opens a folder of this process's own, and removes those of writers that are gone.</summary>
    public static StagingArea Open(LakeLayout layout)
    {
        DurableFile.CreateDirectory(layout.Staging);
        foreach (var folder in Directory.GetDirectories(layout.Staging)) RemoveIfAbandoned(folder);

        // Of a writer that was killed just before it had a folder, or just after.
        foreach (var free in Directory.GetFiles(layout.Staging, "*" + LockExtension)) RemoveIfAbandoned(System.IO.Path.ChangeExtension(free, null));
        foreach (var unnamed in Directory.GetFiles(layout.Staging, "*" + NewLockExtension)) RemoveIfFree(unnamed);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new StagingArea(System.IO.Path.Combine(layout.Staging, Guid.NewGuid().ToString("N")[..12]));
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                // Another writer that sweeps took the new file for one that was left.
            }
        }
    }

    /// <summary>A path for a new temporary file.</summary>
    public string NewFile(string table) => System.IO.Path.Combine(Path, $"{Interlocked.Increment(ref _next)}-{table}.tmp");

    /// <summary>A new folder for complete files.</summary>
    public string NewFolder(string table)
    {
        var path = System.IO.Path.Combine(Path, $"{Interlocked.Increment(ref _next)}-{table}");
        Directory.CreateDirectory(path);
        return path;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        _lock.Dispose();
        File.Delete(Path + LockExtension);
    }

    /// <summary>Whether the writer of a staging folder is alive. Asking changes nothing.</summary>
    public static bool IsInUse(string folder)
    {
        try
        {
            using var taken = new FileStream(folder + LockExtension, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static bool IsLock(string path) => System.IO.Path.GetExtension(path) is LockExtension or NewLockExtension;

    private static void RemoveIfAbandoned(string folder)
    {
        try
        {
            using (new FileStream(folder + LockExtension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            }

            File.Delete(folder + LockExtension);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its owner is alive, or another user, or another writer is removing it.
        }
    }

    /// <summary>Of a writer that was killed before its lock had its name. Removed while it is locked: whoever made it finds it gone.</summary>
    private static void RemoveIfFree(string path)
    {
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in use, another user's, or gone.
        }
    }
}
