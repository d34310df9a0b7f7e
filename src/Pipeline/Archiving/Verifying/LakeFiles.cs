using System.Text.RegularExpressions;

namespace Pipeline.Archiving.Verifying;

/// <summary>Finds a lake's files.</summary>
public static partial class LakeFiles
{
    private const int TypeLevel = 5;

    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>The files of a lake, by hour and path.</summary>
    /// <param name="odd">Called for what is no part of the lake, and for what cannot be listed.</param>
    /// <exception cref="LakeException">There is no such folder, or it cannot be listed.</exception>
    public static IReadOnlyList<LakeFile> Enumerate(LakeLayout layout, Action<LakeFinding>? odd = null)
    {
        CheckRoot(layout.Root);
        var files = new List<LakeFile>();
        Walk(new DirectoryInfo(layout.Root), "", 0, files, odd ?? (_ => { }));
        files.Sort((a, b) => a.Name.Hour != b.Name.Hour ? a.Name.Hour.CompareTo(b.Name.Hour) : string.CompareOrdinal(a.RelativePath, b.RelativePath));
        return files;
    }

    /// <summary>The files of a lake that lie in one folder, in no order.</summary>
    public static IEnumerable<LakeFile> In(LakeLayout layout, string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            var path = layout.Relative(file.FullName);
            if (LakeFileName.Parse(path) is { } name) yield return new LakeFile(name, path, file.FullName, file.Length);
        }
    }

    private static void CheckRoot(string root)
    {
        try
        {
            if (!Access.IsThere(root))
            {
                throw new LakeException(
                    $"There is no lake at '{root}'. Name an existing one, or write one first: `pipeline run`, or `pipeline demo` to try it out.");
            }

            if (!Directory.Exists(root)) throw new LakeException($"'{root}' is a file; a lake is a folder.");
            using var entries = Directory.EnumerateFileSystemEntries(root).GetEnumerator();
            _ = entries.MoveNext();
        }
        catch (Exception e) when (Access.IsDenied(e))
        {
            throw new LakeException($"Lake '{root}' cannot be read: {e.Message.TrimEnd('.')}. Mend its permissions, or run this as a user who may read it.", e);
        }
    }

    private static void Walk(DirectoryInfo folder, string prefix, int level, List<LakeFile> files, Action<LakeFinding> odd)
    {
        try
        {
            WalkInto(folder, prefix, level, files, odd);
        }
        catch (Exception e) when (Access.IsDenied(e))
        {
            odd(Access.Denied(prefix.TrimEnd('/'), e));
        }
    }

    private static void WalkInto(DirectoryInfo folder, string prefix, int level, List<LakeFile> files, Action<LakeFinding> odd)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos("*", _everything))
        {
            var path = prefix + entry.Name;
            if (entry is DirectoryInfo inner)
            {
                if (level == 0 && entry.Name == LakeLayout.OwnFolder) continue;
                if (IsPartition(entry.Name, level)) Walk(inner, path + "/", level + 1, files, odd);
                else odd(ForeignFolder(path));
            }
            else if (LakeFileName.Parse(path) is { } name)
            {
                files.Add(new LakeFile(name, path, entry.FullName, ((FileInfo)entry).Length));
            }
            else
            {
                odd(ForeignFile(path));
            }
        }
    }

    private static LakeFinding ForeignFile(string path) => new(
        LakeFindingKind.ForeignFile,
        path,
        $"File '{path}' is no part of the lake: its place is not what a file of the lake is called, " +
        "year=/month=/day=/hour=/type=<type>/<type>-<window>.parquet. Readers may take it for data: move it out of the lake.");

    private static LakeFinding ForeignFolder(string path) => new(
        LakeFindingKind.ForeignFolder,
        path,
        $"Folder '{path}' is no partition of the lake (year=/month=/day=/hour=/type=). What is in it was not checked: move it out of the lake.");

    private static bool IsPartition(string name, int level) => level switch
    {
        < TypeLevel - 1 => Partition().Match(name) is { Success: true } match && match.Groups[level + 1].Success,
        TypeLevel - 1 => name.StartsWith("type=", StringComparison.Ordinal) && LakeFileName.Tables.Contains(name["type=".Length..]),
        _ => false,
    };

    // One group a level, in their order.
    [GeneratedRegex("""^(?:(year=\d{4})|(month=(?:0[1-9]|1[0-2]))|(day=(?:0[1-9]|[12]\d|3[01]))|(hour=(?:[01]\d|2[0-3])))$""", RegexOptions.CultureInvariant)]
    private static partial Regex Partition();
}
