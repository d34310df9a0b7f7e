using Pipeline.Archiving;
using Pipeline.Buffering;

namespace Pipeline.Commands;

/// <summary>
/// Whether a log that was drained has the end of its source. Redis may have forgotten the end together with what came last, and then nothing in
/// it tells that anything is missing, but that nobody appends and nobody said it was done.
/// </summary>
internal sealed class DrainCheck(IReadOnlyList<RedisLog> logs, LogOptions options, LakeOptions lake, TimeProvider time)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);

    // An ingestor that holds its source still gives heartbeats, and one whose Redis was away tries again within 5 s.
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(Math.Max(15, 3 * options.Heartbeat.TotalSeconds));

    /// <returns>What is left to say of each shard that is not at its end, in one line each.</returns>
    /// <exception cref="LostRecordsException">An end is missing, and nobody is at work to bring it.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        var open = (await Task.WhenAll(logs.Select(log => OpenEnd.ReadAsync(log)))).OfType<OpenEnd>().ToList();
        if (open.Count == 0) return [];
        if (await AreFedAsync(cancellationToken)) return [.. open.Select(o => $"{o.Position.Source} is still being read: {o.Waiting}.")];

        var end = open[0];
        throw new LostRecordsException(
            $"Log {end.Log.Keys.Name} has no end of {end.Position.Source}, and nobody appends to it: its ingestor was stopped before the end, or Redis has lost what came last. " +
            $"It reaches to {end.Position.Source} position {end.Position.Value}, at {DateTimeOffset.FromUnixTimeMilliseconds(end.Last.Ms):u}; what follows is neither in it nor in lake '{lake.Path}'. {end.Waiting}. " +
            "`pipeline ingest` with the same source and lake goes on there.");
    }

    /// <summary>One ingestor feeds all shards, and may have nothing for some of them.</summary>
    private async Task<bool> AreFedAsync(CancellationToken cancellationToken)
    {
        var before = await EndsAsync();
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < _patience;)
        {
            await Task.Delay(_look, time, cancellationToken);
            if ((await EndsAsync()).Zip(before).Any(now => now.First > now.Second)) return true;
        }

        return false;
    }

    private async Task<LogEntryId[]> EndsAsync() => await Task.WhenAll(logs.Select(async log => (await log.ReadStateAsync()).Last ?? LogEntryId.Zero));

    /// <summary>A shard that has the end of no source, though its source has one.</summary>
    private sealed record OpenEnd(RedisLog Log, LogEntryId Last, SourcePosition Position, string Waiting)
    {
        public static async Task<OpenEnd?> ReadAsync(RedisLog log)
        {
            var (last, state) = await log.ReadEndAsync();

            // A source whose positions are times is live.
            return last is { IsEnd: false, Position: { TimeMs: null } position }
                ? new OpenEnd(log, last.Id, position, $"{state.Offset - state.CommittedOffset:N0} records of the open window wait in log {log.Keys.Name}")
                : null;
        }
    }
}
