using Microsoft.Extensions.Logging;
using Pipeline.Archiving.Verifying;
using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>
/// The events that the lake got last, for a log that has lost its look-back: what its source sends again can only be recognised here. Read
/// when it is first asked for, from the windows that end within the look-back.
/// </summary>
/// <param name="shard">The shard as it stands in file names.</param>
/// <param name="rejoinFromMs">For a log that was rolled back, where the windows begin whose commits it has forgotten.</param>
internal sealed class RecentRows(
    LakeLayout layout, CommitJournal journal, int? shard, long committedMs, SourcePosition? position, long? rejoinFromMs, TimeSpan lookBack, ILogger logger)
{
    private HashSet<UInt128>? _identities;

    public async ValueTask<IReadOnlySet<UInt128>> IdentitiesAsync(CancellationToken cancellationToken) =>
        _identities ??= await ReadAsync(cancellationToken);

    private async Task<HashSet<UInt128>> ReadAsync(CancellationToken cancellationToken)
    {
        // No compaction takes a file away meanwhile.
        using var gate = await LakeGate.EnterAsync(layout, cancellationToken);
        var identities = new HashSet<UInt128>();
        foreach (var path in Files())
        {
            if (LakeFileName.Parse(path) is { } name && name.Table != LakeFileName.RejectedTable) await AddAsync(identities, name, path, cancellationToken);
        }

        logger.LogInformation("Looking for repeated events among the lake's last {Count:N0}.", identities.Count);
        return identities;
    }

    private HashSet<string> Files()
    {
        var from = LookBack.From(Math.Min(committedMs, rejoinFromMs ?? committedMs), position?.TimeMs, lookBack);
        var manifests = journal.ReadBetween(0, committedMs).ToList();
        var files = manifests.Where(m => m.WindowEndMs > from).SelectMany(m => m.Files).ToHashSet(StringComparer.Ordinal);

        // A log that was rolled back by hours may fall behind the manifests: then the files themselves say which windows they are of.
        if (rejoinFromMs is null && manifests.Exists(m => m.WindowStartMs <= from)) return files;
        var named = LakeFiles.Enumerate(layout).Where(f => f.Name.Shard == shard && f.Name.WindowMs < committedMs).ToList();
        var first = named.Select(f => f.Name.WindowMs).Where(start => start <= from).DefaultIfEmpty(long.MinValue).Max();
        files.UnionWith(named.Where(f => f.Name.EndWindowMs >= first).Select(f => f.RelativePath));
        return files;
    }

    private async Task AddAsync(HashSet<UInt128> identities, LakeFileName name, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await LakeFileReader.OpenAsync(new LakeFile(name, path, layout.Full(path), 0), cancellationToken);

            // A compacted file may go on with windows that are about to be written again: their rows follow one another.
            var left = reader.Windows is { } windows ? windows.Rows.Where(w => w.Key < committedMs).Sum(w => w.Value) : long.MaxValue;
            await foreach (var rows in reader.ReadAsync(everything: false, cancellationToken))
            {
                for (var row = 0; row < rows.Count && left > 0; row++, left--)
                {
                    if (rows.OperationOf(row) is { } operation) identities.Add(rows.IdentityOf(row, operation));
                }
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnsoundFileException)
        {
            logger.LogError("'{Path}' cannot help to recognise repeated events: {Error}. `pipeline verify` finds those that slip through.", path, e.Message);
        }
    }
}
