namespace Pipeline.Archiving.Verifying;

/// <summary>Tells the temporary files of writers that are gone from those of a writer at work.</summary>
internal static class StagingCheck
{
    public static void Run(LakeLayout layout, FindingList findings, List<string> notes)
    {
        try
        {
            if (Access.IsThere(layout.Staging)) Look(layout, findings, notes);
        }
        catch (Exception e) when (Access.IsDenied(e))
        {
            findings.Add(Access.Denied(layout.Relative(layout.Staging), e));
        }
    }

    private static void Look(LakeLayout layout, FindingList findings, List<string> notes)
    {
        foreach (var file in Directory.EnumerateFiles(layout.Staging).Where(f => !StagingArea.IsLock(f))) Add(findings, layout.Relative(file), 1, new FileInfo(file).Length);
        foreach (var folder in Directory.EnumerateDirectories(layout.Staging))
        {
            if (StagingArea.IsInUse(folder))
            {
                notes.Add($"A writer is at work in '{layout.Relative(folder)}': windows that it is just committing may be reported as missing files.");
                continue;
            }

            var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).ToList();
            if (files.Count > 0) Add(findings, layout.Relative(folder), files.Count, files.Sum(f => f.Length));
        }
    }

    private static void Add(FindingList findings, string path, int files, long bytes) => findings.Add(LakeFindingKind.LeftOver, path, () =>
        $"'{path}' holds {files} temporary file(s), {bytes:N0} bytes, of a writer that is gone. No reader sees them and nothing is lost: " +
        "the next `pipeline write` sweeps them, or delete them.");
}
