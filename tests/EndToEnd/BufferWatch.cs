using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using StackExchange.Redis;

namespace Pipeline.Tests.EndToEnd;

/// <summary>Looks at the stream again and again: how much memory it takes just before and just after each commit.</summary>
internal sealed class BufferWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(long Before, long After)> _commits = [];
    private readonly Task _watching;

    public BufferWatch(IDatabase database, RedisLog log) => _watching = WatchAsync(database, log);

    /// <summary>Bytes of the stream before and after each commit.</summary>
    public async Task<IReadOnlyList<(long Before, long After)>> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return _commits;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(IDatabase database, RedisLog log)
    {
        var (bytes, committed) = (0L, 0L);
        while (!_stop.IsCancellationRequested)
        {
            // Size and commit in one look: otherwise a commit in between would be seen in one and not in the other.
            var transaction = database.CreateTransaction();
            var size = transaction.ExecuteAsync("MEMORY", "USAGE", log.Keys.Stream, "SAMPLES", "0");
            var state = transaction.HashGetAllAsync(log.Keys.State);
            await transaction.ExecuteAsync();
            var now = (Bytes: (await size).IsNull ? 0 : (long)await size, Committed: LogState.Parse(await state).CommittedOffset);
            if (now.Committed > committed && committed > 0) _commits.Add((bytes, now.Bytes));
            (bytes, committed) = now;
            await Task.Delay(Deadlines.Poll, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
