namespace Pipeline.Archiving;

/// <summary>
/// A lock on a file of the lake: shared by those under whose hands no folder may be exchanged (writers that publish, `verify`), and had alone by a compaction
/// for the moment of the exchange. The kernel opens it when its holder dies.
/// </summary>
internal static class LakeGate
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    // EAGAIN of Linux and of macOS, and Windows' sharing violation.
    private static readonly int[] _taken = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Enters beside others that want no folder exchanged. Leave by disposing.</summary>
    /// <exception cref="LakeException">A compaction has kept it for longer than <see cref="Patience"/>.</exception>
    public static Task<FileStream> EnterAsync(LakeLayout layout, CancellationToken cancellationToken) => OpenAsync(layout, FileAccess.Read, FileShare.Read, Patience, cancellationToken);

    /// <summary>The same for one that changes nothing: where no lake was compacted or written before, or that may not be done here, it goes without.</summary>
    public static async Task<FileStream?> TryEnterAsync(LakeLayout layout, CancellationToken cancellationToken)
    {
        if (!File.Exists(layout.Gate)) return null;
        try
        {
            return await EnterAsync(layout, cancellationToken);
        }
        catch (Exception e) when (e is LakeException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Enters alone. Leave by disposing.</summary>
    /// <exception cref="LakeException">Somebody else has kept it for longer than <paramref name="patience"/>.</exception>
    public static Task<FileStream> EnterAloneAsync(LakeLayout layout, TimeSpan patience, CancellationToken cancellationToken) =>
        OpenAsync(layout, FileAccess.ReadWrite, FileShare.None, patience, cancellationToken);

    private static async Task<FileStream> OpenAsync(LakeLayout layout, FileAccess access, FileShare share, TimeSpan patience, CancellationToken cancellationToken)
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
                if (TimeProvider.System.GetElapsedTime(began) > patience)
                {
                    throw new LakeException(
                        $"Another process has held '{layout.Gate}' for {patience.TotalSeconds:0} s: `pipeline verify`, a writer that publishes a window, or `pipeline compact`. " +
                        "Nothing is lost: try again when it is done. If it hangs, end it, and the lock ends with it.", e)
                    {
                        CanHeal = true,
                    };
                }

                await Task.Delay(_pause, cancellationToken);
            }
        }
    }
}
