namespace Pipeline.Archiving;

/// <summary>
/// A writer's own folder for files that are not complete yet: on the lake's file system, so that a rename publishes them, and outside
/// its partitions, so that no reader meets them. An open lock file tells the living from the dead.
/// </summary>
internal sealed class StagingArea : IDisposable
{
    private const string LockName = "lock";

    private readonly FileStream _lock;
    private int _next;

    private StagingArea(string path, FileStream lockFile) => (Path, _lock) = (path, lockFile);

    public string Path { get; }

    /// <summary>Opens a folder of this process's own, and removes those of writers that are gone.</summary>
    public static StagingArea Open(LakeLayout layout)
    {
        DurableFile.CreateDirectory(layout.Staging);
        Sweep(layout);
        var path = System.IO.Path.Combine(layout.Staging, Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(path);
        return new StagingArea(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>A path for a new temporary file.</summary>
    public string NewFile(string table) => System.IO.Path.Combine(Path, $"{Interlocked.Increment(ref _next)}-{table}.tmp");

    public void Dispose()
    {
        _lock.Dispose();
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    /// <summary>Whether the writer of a staging folder is alive. Asking changes nothing.</summary>
    public static bool IsInUse(string folder)
    {
        try
        {
            using var taken = new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.None);
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

    public static bool IsLock(string fileName) => fileName == LockName;

    private static void Sweep(LakeLayout layout)
    {
        foreach (var folder in Directory.EnumerateDirectories(layout.Staging))
        {
            if (IsAbandoned(System.IO.Path.Combine(folder, LockName))) Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsAbandoned(string lockFile)
    {
        try
        {
            using var taken = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
