using Pipeline.Archiving;
using Pipeline.Buffering;

namespace Pipeline.Commands;

/// <summary>
/// Whether a log that was drained has the end of its source. Redis may have forgotten the end together with what came last, and then nothing in
/// it tells that anything is missing, but that nobody appends and nobody said it was done.
/// </summary>
internal sealed class DrainedLog(RedisLog log, LakeOptions lake, TimeProvider time)
{
    // An ingestor at work appends several times a second, however slow its source.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);

    /// <returns>What is left to say; null when everything up to the source's end is in the lake.</returns>
    /// <exception cref="LostRecordsException">The end is missing, and nobody is at work to bring it.</exception>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var (last, state) = await log.ReadEndAsync();

        // A source whose positions are times is live: it has no end.
        if (last is null or { IsEnd: true } || last.Position is not { TimeMs: null } position) return null;
        var waiting = $"{state.Offset - state.CommittedOffset:N0} records of the open window wait in log {log.Keys.Name}";
        if (await IsFedAsync(last.Id, cancellationToken)) return $"{position.Source} is still being read: {waiting}.";
        throw new LostRecordsException(
            $"Log {log.Keys.Name} has no end of {position.Source}, and nobody appends to it: its ingestor was stopped before the end, or Redis has lost what came last. " +
            $"It reaches to {position.Source} position {position.Value}, at {DateTimeOffset.FromUnixTimeMilliseconds(last.Id.Ms):u}; what follows is neither in it nor in lake '{lake.Path}'. {waiting}. " +
            "`pipeline ingest` with the same source and lake goes on there.");
    }

    private async Task<bool> IsFedAsync(LogEntryId last, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < _patience;)
        {
            await Task.Delay(_look, time, cancellationToken);
            if ((await log.ReadEndAsync()).Last is not { } now || now.Id != last) return true;
        }

        return false;
    }
}
