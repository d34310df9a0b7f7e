namespace Pipeline.Archiving;

/// <summary>
/// A lock on a file of the lake, held for the moment in which files get their names: shared by writers, whose windows do not touch each other, and had
/// alone by a compaction, which exchanges a folder that no writer may just be putting a file into. The kernel opens it when its holder dies.
/// </summary>
internal static class LakeGate
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    // EAGAIN of Linux and of macOS, and Windows' sharing violation.
    private static readonly int[] _taken = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Enters beside other writers. Leave by disposing.</summary>
    /// <exception cref="LakeException">A compaction has kept it for half a minute.</exception>
    public static Task<FileStream> EnterAsync(LakeLayout layout, CancellationToken cancellationToken) => OpenAsync(layout, FileAccess.Read, FileShare.Read, cancellationToken);

    /// <summary>Enters alone. Leave by disposing.</summary>
    /// <exception cref="LakeException">A writer, or another compaction, has kept it for half a minute.</exception>
    public static Task<FileStream> EnterAloneAsync(LakeLayout layout, CancellationToken cancellationToken) =>
        OpenAsync(layout, FileAccess.ReadWrite, FileShare.None, cancellationToken);

    private static async Task<FileStream> OpenAsync(LakeLayout layout, FileAccess access, FileShare share, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(layout.Gate, FileMode.OpenOrCreate, access, share);
            }
            catch (IOException e) when (_taken.Contains(e.HResult))
            {
                if (TimeProvider.System.GetElapsedTime(began) > _patience)
                {
                    throw new LakeException(
                        $"Another process has held '{layout.Gate}' for {_patience.TotalSeconds:0} s: a writer that publishes a window, or `pipeline compact`. " +
                        "Nothing is lost. If it hangs, end it: the lock ends with it.", e)
                    {
                        CanHeal = true,
                    };
                }

                await Task.Delay(_pause, cancellationToken);
            }
        }
    }
}
