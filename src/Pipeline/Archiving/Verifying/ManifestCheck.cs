using System.Text.Json;

namespace Pipeline.Archiving.Verifying;

/// <summary>Compares what the manifests of the last windows say with what the lake holds.</summary>
internal sealed class ManifestCheck
{
    private readonly LakeLayout _layout;
    private readonly FindingList _findings;
    private readonly List<(string Path, CommitManifest Manifest)> _manifests = [];

    /// <summary>Reads the manifests: before the files are listed, so that a window committed meanwhile is not missed.</summary>
    public ManifestCheck(LakeLayout layout, FindingList findings)
    {
        (_layout, _findings) = (layout, findings);
        try
        {
            if (!Access.IsThere(layout.Commits)) return;
            foreach (var path in Directory.EnumerateFiles(layout.Commits, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) Read(path);
        }
        catch (Exception e) when (Access.IsDenied(e))
        {
            findings.Add(Access.Denied(layout.Relative(layout.Commits), e));
        }
    }

    /// <param name="rows">Rows by path, of the files that could be read.</param>
    public void Run(IReadOnlyDictionary<string, long> rows)
    {
        foreach (var (path, manifest) in _manifests)
        {
            var missing = manifest.Files.Where(f => Access.IsMissing(_layout.Full(f))).ToList();

            // It grew too old meanwhile: a writer or a compaction has forgotten it, and what it names may be compacted.
            if (missing.Count > 0 && Access.IsMissing(_layout.Full(path))) continue;
            foreach (var file in missing)
            {
                _findings.Add(LakeFindingKind.MissingFile, file, () =>
                    $"'{file}' is not there, although '{path}' names it as part of a committed window. If a writer was stopped just now, " +
                    "`pipeline write` completes the window; otherwise someone removed the file: bring it back from a copy, or replay the window from the source.");
            }

            if (missing.Count == 0 && manifest.Files.All(rows.ContainsKey)) CompareRows(path, manifest, rows);
        }
    }

    private void CompareRows(string path, CommitManifest manifest, IReadOnlyDictionary<string, long> rows)
    {
        var found = manifest.Files.GroupBy(f => LakeFileName.Parse(f)?.Table ?? "", StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(f => rows[f]));
        foreach (var table in manifest.Rows.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (committed, held) = (manifest.Rows.GetValueOrDefault(table), found.GetValueOrDefault(table));
            if (committed == held) continue;
            _findings.Add(LakeFindingKind.WrongRowCount, path, () =>
                $"'{path}' committed {committed:N0} rows of table '{table}'; the window's files hold {held:N0}. " +
                "A file was exchanged after the commit: bring it back from a copy, or replay the window from the source.");
        }
    }

    private void Read(string file)
    {
        var path = _layout.Relative(file);
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(file), CommitManifestJson.Default.CommitManifest);
            if (manifest is { Files: not null, Rows: not null }) _manifests.Add((path, manifest));
            else AddBad(path, "it names no files");
        }
        catch (JsonException e)
        {
            AddBad(path, e.Message);
        }
        catch (FileNotFoundException)
        {
            // A writer has just forgotten it.
        }
        catch (Exception e) when (Access.IsDenied(e))
        {
            _findings.Add(Access.Denied(path, e));
        }
    }

    private void AddBad(string path, string why) => _findings.Add(LakeFindingKind.BadManifest, path, () =>
        $"'{path}' is no commit manifest ({why}). The writer will refuse it as well: move it away.");
}
