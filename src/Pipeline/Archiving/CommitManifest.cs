using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>
/// What one window of one log consists of, written before its files appear. Redis may forget a commit that the lake has seen; the
/// window is then written anew from what the log holds by now, and what the manifest names beyond that is removed.
/// </summary>
/// <param name="LogId">The log that the window was read from.</param>
/// <param name="FromOffset">The committed offset that the window followed.</param>
/// <param name="ToOffset">Records below this offset are in the lake with this commit.</param>
/// <param name="Position">The source's position after the last record, as <c>source/value</c>.</param>
/// <param name="LastId">The log's last entry of the window.</param>
/// <param name="Files">Paths below the lake, sorted.</param>
/// <param name="Stale">Paths that an earlier attempt may have left and that are no part of the window.</param>
/// <param name="Rows">Rows by table.</param>
/// <param name="Ended">True when the source had ended with this window.</param>
/// <param name="Epochs">Who had appended to the log up to this window, the last of them last: what tells a log that was rolled back from one that went its own way since.</param>
/// <param name="EarlierSources">Where sources ended that fed the log before, as <c>source/value</c>.</param>
public sealed record CommitManifest(
    string LogId,
    long WindowStartMs,
    long WindowEndMs,
    long FromOffset,
    long ToOffset,
    string? Position,
    string? LastId,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Stale,
    IReadOnlyDictionary<string, long> Rows,
    bool Ended = false,
    IReadOnlyList<string>? Epochs = null,
    IReadOnlyList<string>? EarlierSources = null)
{
    /// <summary>Sources that have ended and are in the lake to their end.</summary>
    internal IEnumerable<SourceEnd> Ends() =>
        (EarlierSources ?? []).Concat(Ended && Position is not null ? [Position] : []).Select(p => new SourceEnd(SourcePosition.Parse(p), 0));
}
