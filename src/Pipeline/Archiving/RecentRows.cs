using Microsoft.Extensions.Logging;
using Pipeline.Archiving.Verifying;
using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>
/// The events that the lake got last, for a log that has lost its look-back: what its source sends again can only be recognised here. Read
/// when it is first asked for, from the windows that end within the look-back.
/// </summary>
internal sealed class RecentRows(LakeLayout layout, CommitJournal journal, long committedMs, SourcePosition? position, TimeSpan lookBack, ILogger logger)
{
    private HashSet<UInt128>? _identities;

    public async ValueTask<IReadOnlySet<UInt128>> IdentitiesAsync(CancellationToken cancellationToken) =>
        _identities ??= await ReadAsync(cancellationToken);

    private async Task<HashSet<UInt128>> ReadAsync(CancellationToken cancellationToken)
    {
        var identities = new HashSet<UInt128>();
        var from = LookBack.From(committedMs, position?.TimeMs, lookBack);
        var longestWindow = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        foreach (var path in journal.ReadBetween(from - longestWindow, committedMs).Where(m => m.WindowEndMs > from).SelectMany(m => m.Files).ToHashSet(StringComparer.Ordinal))
        {
            if (LakeFileName.Parse(path) is { } name && name.Table != LakeFileName.RejectedTable) await AddAsync(identities, name, path, cancellationToken);
        }

        logger.LogInformation("Looking for repeated events among the lake's last {Count:N0}.", identities.Count);
        return identities;
    }

    private async Task AddAsync(HashSet<UInt128> identities, LakeFileName name, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await LakeFileReader.OpenAsync(new LakeFile(name, path, layout.Full(path), 0), cancellationToken);
            await foreach (var rows in reader.ReadAsync(everything: false, cancellationToken))
            {
                for (var row = 0; row < rows.Count; row++)
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
