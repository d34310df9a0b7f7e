namespace Pipeline.Archiving.Verifying;

/// <summary>Tells what is not there from what may not be looked at.</summary>
internal static class Access
{
    /// <summary>Whether a file or folder is there. <see cref="File.Exists"/> says no as well where we may not look.</summary>
    /// <exception cref="UnauthorizedAccessException">We may not look.</exception>
    public static bool IsThere(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The same, where what we may not look at is a finding elsewhere.</summary>
    public static bool IsMissing(string path)
    {
        try
        {
            return !IsThere(path);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static bool IsDenied(Exception e) => e is UnauthorizedAccessException or IOException;

    /// <param name="path">Below the lake, with forward slashes.</param>
    public static LakeFinding Denied(string path, Exception e) => new(
        LakeFindingKind.Inaccessible,
        path,
        $"'{path}' cannot be read, and what is in it was not checked: {e.Message.TrimEnd('.')}. Mend its permissions, or run `pipeline verify` as a user who may read the lake.");
}
