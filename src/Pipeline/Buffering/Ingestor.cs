using Microsoft.Extensions.Logging;
using Pipeline.Monitoring;
using Pipeline.Sources;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>
/// Moves events from a source into the log. The log's tail is the only memory: after whatever went wrong, the tail is read again, the
/// source resumes there, and what the log already holds is dropped.
/// </summary>
public sealed class Ingestor(Feed feed, IngestStats stats, TimeProvider time, ILogger<Ingestor> logger)
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _stopWithin = TimeSpan.FromSeconds(4);

    private readonly LogOpener _opener = new(feed, stats, time, logger);
    private readonly Backpressure _backpressure = new(feed.Database, feed.Logs, feed.Options, stats, time, logger);
    private ShardIngest[] _shards = [];
    private Intake _intake = null!;

    /// <summary>Runs until the source has ended or the token is cancelled; then everything received is in the log.</summary>
    /// <exception cref="LogException">The log belongs to another source or another program.</exception>
    /// <exception cref="SourceException">The source cannot be read.</exception>
    /// <exception cref="RedisException">Redis refuses its user (<see cref="Refusal"/>); what is transient is tried again instead.</exception>
    /// <exception cref="AppendFailedException">The same, said of a batch.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = _firstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            var acknowledged = stats.Acknowledged;
            try
            {
                if (await RunFromTailAsync(cancellationToken)) return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is AppendFailedException or RedisException or RedisCommandException or TimeoutException or IOException or UnauthorizedAccessException && Refusal.In(e) is null)
            {
                if (stats.Acknowledged > acknowledged) retry = _firstRetry;
                var what = e is IOException or UnauthorizedAccessException ? "The lake, which knows where to go on, cannot be read" : "Redis does not take batches";
                logger.LogWarning("{What}: {Error}. Reading the log's tail again in {Delay}.", what, e.Message.TrimEnd(' ', '.'), Quantity.Format(retry));
                await Task.Delay(retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < _longestRetry ? retry * 2 : _longestRetry;
                stats.CountRecovery();
            }
        }
    }

    /// <summary>Opens the log and reads the source until it ends; true when it did.</summary>
    private async Task<bool> RunFromTailAsync(CancellationToken cancellationToken)
    {
        _shards = await _opener.OpenAsync(cancellationToken);
        StepEvents.Log.Reached(Step.LogOpened);
        try
        {
            _intake = new Intake(_shards, await _opener.ReadSeenAsync(_shards, cancellationToken), feed, stats, time, logger);
            StepEvents.Log.Reached(Step.LookBackRead);
            await HoldWhileFullAsync(cancellationToken);
            var received = stats.Received;
            var resume = _intake.FirstResume;
            do
            {
                stats.CountSession();
                _intake.Resume(resume);
                stats.SetReading(true);
                await ReadSessionAsync(resume, cancellationToken);
                stats.SetReading(false);
                resume = _intake.Position?.Value - feed.Source.Rewind;
            }
            while (feed.Source.IsLive && !cancellationToken.IsCancellationRequested);

            // A finished source that is opened again has nothing to add, not even another end.
            var isNews = stats.Received > received || !_shards.All(s => s.EndsWithEnd);
            if (isNews && !cancellationToken.IsCancellationRequested) await EndAsync();
            await CompleteAsync();
            StepEvents.Log.Reached(Step.EndAcknowledged);
            if (cancellationToken.IsCancellationRequested) return false;
            stats.SetEnded();
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await FinishInHandAsync();
            throw;
        }
        finally
        {
            stats.SetReading(false);
            foreach (var shard in _shards) await shard.DisposeAsync();
        }
    }

    private async Task ReadSessionAsync(long? resume, CancellationToken cancellationToken)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var messages = feed.Source.ReadAsync(resume, session.Token).GetAsyncEnumerator(session.Token);
        var waiting = Task.CompletedTask;
        try
        {
            for (var connected = false; ; connected = true)
            {
                var next = messages.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    var arrival = next.AsTask();
                    waiting = arrival;
                    await WaitAsync(arrival, connected, cancellationToken);
                    if (!await arrival) break;
                }
                else if (!await next)
                {
                    break;
                }

                _intake.Accept(messages.Current);
                await SendAsync(cancellationToken);
                if (_backpressure.IsDue) await HoldWhileFullAsync(cancellationToken);
            }
        }
        finally
        {
            // A source must not be closed while it is still asked for a message.
            await session.CancelAsync();
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await FlushAsync(cancellationToken);
    }

    /// <summary>Waits for the source, and meanwhile appends what has waited long enough.</summary>
    private async Task WaitAsync(Task next, bool connected, CancellationToken cancellationToken)
    {
        while (!next.IsCompleted)
        {
            var due = _shards.Min(s => s.Open.IsEmpty && !(connected && feed.Source.IsLive && s.HasEntries) ? feed.Options.Heartbeat : s.DueIn);
            using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(next, Task.Delay(due > TimeSpan.FromMilliseconds(1) ? due : TimeSpan.FromMilliseconds(1), time, delay.Token));
            await delay.CancelAsync();
            foreach (var shard in _shards)
            {
                if (shard.IsDueAt(time.GetTimestamp())) shard.Seal(_intake.Position);
                else if (connected && feed.Source.IsLive && shard.IsHeartbeatDue) shard.Heartbeat(_intake.Position);
            }

            await SendAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in _shards)
        {
            if (shard.HasSealed) await shard.SendAsync(cancellationToken);
        }
    }

    private ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var shard in _shards) shard.Seal(_intake.Position);
        return SendAsync(cancellationToken);
    }

    private async Task EndAsync()
    {
        foreach (var shard in _shards) shard.Seal(_intake.Position, isEnd: true);
        await SendAsync(CancellationToken.None);
        logger.LogInformation("Source {Source} has ended after {Received} messages.", feed.Source.Name, stats.Received);
    }

    private async Task CompleteAsync()
    {
        foreach (var shard in _shards) await shard.Appender.CompleteAsync();
    }

    /// <summary>What was received before the stop goes into the log, unless Redis does not answer in time.</summary>
    private async Task FinishInHandAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(_stopWithin, time);
            await FlushAsync(limit.Token);
            await CompleteAsync().WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is AppendFailedException or OperationCanceledException)
        {
            logger.LogWarning("Stopped before Redis took the last batch ({Error}). The source sends it again at the next start.", e.Message);
        }
    }

    private async Task HoldWhileFullAsync(CancellationToken cancellationToken)
    {
        if (!await _backpressure.IsFullAsync()) return;
        stats.SetHolding(true);
        try
        {
            await FlushAsync(cancellationToken);
            do
            {
                await Task.Delay(Backpressure.Interval / 2, time, cancellationToken);

                // The open window may be what fills Redis: log time has to go on, or it never closes.
                foreach (var shard in _shards)
                {
                    if (shard.IsHeartbeatDue) shard.Heartbeat(_intake.Position);
                }

                await SendAsync(cancellationToken);
            }
            while (!await _backpressure.HasRoomAsync());
        }
        finally
        {
            stats.SetHolding(false);
        }
    }
}
