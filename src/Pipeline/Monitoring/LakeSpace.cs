namespace Pipeline.Monitoring;

/// <summary>The file system of the lake.</summary>
/// <param name="Free">Bytes that the program may still use.</param>
/// <param name="Size">Bytes that it has.</param>
public sealed record LakeSpace(long Free, long Size)
{
    /// <summary>Asks the file system; null when it does not say.</summary>
    public static LakeSpace? Of(string path)
    {
        try
        {
            // The folder may not be there yet.
            var folder = new DirectoryInfo(Path.GetFullPath(path));
            while (!folder.Exists && folder.Parent is { } parent) folder = parent;
            var drive = new DriveInfo(folder.FullName);
            return new LakeSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
