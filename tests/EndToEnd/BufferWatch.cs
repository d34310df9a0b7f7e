using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using StackExchange.Redis;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Looks at the stream again and again: how much memory it takes just before and just after each commit.</summary>
internal sealed class BufferWatch : IAsyncDisposable
{
    private readonly List<(long Before, long After)> _commits = [];
    private readonly Watch _watch;
    private (long Bytes, long Committed) _seen;

    public BufferWatch(IDatabase database, RedisLog log) => _watch = Watch.Start(Deadlines.Poll, () => LookAsync(database, log));

    /// <summary>Commits seen so far: all but the first, before which there is nothing to tell a commit from a first look.</summary>
    public int Count => _commits.Count;

    /// <summary>Bytes of the stream before and after each commit.</summary>
    public async Task<IReadOnlyList<(long Before, long After)>> StopAsync()
    {
        await _watch.StopAsync();
        return _commits;
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private async Task LookAsync(IDatabase database, RedisLog log)
    {
        // Size and commit in one look: otherwise a commit in between would be seen in one and not in the other.
        var transaction = database.CreateTransaction();
        var size = transaction.ExecuteAsync("MEMORY", "USAGE", log.Keys.Stream, "SAMPLES", "0");
        var state = transaction.HashGetAllAsync(log.Keys.State);
        await transaction.ExecuteAsync();
        var now = (Bytes: (await size).IsNull ? 0 : (long)await size, Committed: LogState.Parse(await state).CommittedOffset);
        if (now.Committed > _seen.Committed && _seen.Committed > 0) _commits.Add((_seen.Bytes, now.Bytes));
        _seen = now;
    }
}
