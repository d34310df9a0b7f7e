namespace Pipeline.Monitoring;

/// <summary>The steps of the two protocols, in order. Whatever happens between two of them, the next start ends in the same state.</summary>
internal static class Step
{
    public const string LogOpened = "log-opened";
    public const string LookBackRead = "look-back-read";
    public const string BatchSealed = "batch-sealed";
    public const string BatchSent = "batch-sent";
    public const string BatchAcknowledged = "batch-acknowledged";
    public const string EndAcknowledged = "end-acknowledged";

    public const string LeaseTaken = "lease-taken";
    public const string WindowRead = "window-read";
    public const string FileStaged = "file-staged";
    public const string WindowStaged = "window-staged";
    public const string CommitAsked = "commit-asked";
    public const string ManifestWritten = "manifest-written";
    public const string FilePublished = "file-published";
    public const string WindowPublished = "window-published";
    public const string StaleRemoved = "stale-removed";
    public const string WindowCommitted = "window-committed";
}
