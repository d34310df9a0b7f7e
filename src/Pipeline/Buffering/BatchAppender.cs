using System.Threading.Channels;
using Pipeline.Monitoring;
using ZstdSharp;

namespace Pipeline.Buffering;

/// <summary>
/// Compresses and appends batches in order, several on their way at once. After the first failure nothing more is sent: the caller
/// reads the log's tail and starts anew from there, which is right whether or not the failed append took effect.
/// </summary>
public sealed class BatchAppender : IAsyncDisposable
{
    private readonly RedisLog _log;
    private readonly LogTail _tail;
    private readonly int _maxInFlight;
    private readonly TimeProvider _time;
    private readonly Channel<SealedBatch> _queue;
    private readonly string _epoch = Guid.NewGuid().ToString("N")[..8];
    private readonly Task _worker;
    private LogEntryId? _last;
    private long _offset;
    private bool _create;
    private string _after;

    public BatchAppender(RedisLog log, LogTail tail, LogOptions options, TimeProvider time)
    {
        (_log, _tail, _time) = (log, tail, time);
        (_last, _offset, _create, _after) = (tail.Last, tail.Offset, !tail.StreamExists, tail.Epoch);
        _maxInFlight = options.MaxInFlight;
        _queue = Channel.CreateBounded<SealedBatch>(new BoundedChannelOptions(4) { SingleReader = true, SingleWriter = true });
        _worker = Task.Run(SendAsync);
    }

    /// <summary>Raised, in order, for every batch that Redis has acknowledged, with the time that took.</summary>
    public event Action<LogEntry, TimeSpan>? Acknowledged;

    /// <summary>Takes over a batch, and disposes it once it is compressed; waits while too many are under way.</summary>
    /// <exception cref="AppendFailedException">This or an earlier batch was not acknowledged.</exception>
    public async ValueTask AppendAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(batch, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new AppendFailedException(_log.Keys.Name, e.InnerException ?? e);
        }
    }

    /// <summary>Waits until everything handed over is acknowledged.</summary>
    /// <exception cref="AppendFailedException">Something was not.</exception>
    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _worker;
        }
        catch (Exception e)
        {
            throw new AppendFailedException(_log.Keys.Name, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync()
    {
        var inFlight = new Queue<(Task<TimeSpan> Append, LogEntry Entry)>();
        using var compressor = RecordBatch.CreateCompressor();
        try
        {
            while (await ReadAsync(inFlight))
            {
                while (_queue.Reader.TryRead(out var batch))
                {
                    if (inFlight.Count >= _maxInFlight) await AcknowledgeAsync(inFlight);
                    inFlight.Enqueue(Send(compressor, batch));
                }
            }

            while (inFlight.Count > 0) await AcknowledgeAsync(inFlight);
        }
        catch (Exception e)
        {
            _queue.Writer.TryComplete(e);
            foreach (var (append, _) in inFlight) await ((Task)append).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Waits for the next batch and takes acknowledgements meanwhile, so that a failure shows even when no batch follows.</summary>
    private async Task<bool> ReadAsync(Queue<(Task<TimeSpan> Append, LogEntry Entry)> inFlight)
    {
        var more = _queue.Reader.WaitToReadAsync().AsTask();
        while (inFlight.Count > 0 && await Task.WhenAny(more, inFlight.Peek().Append) != more) await AcknowledgeAsync(inFlight);
        return await more;
    }

    private async Task AcknowledgeAsync(Queue<(Task<TimeSpan> Append, LogEntry Entry)> inFlight)
    {
        var duration = await inFlight.Peek().Append;
        StepEvents.Log.Reached(Step.BatchAcknowledged);
        var (_, entry) = inFlight.Dequeue();
        Acknowledged?.Invoke(entry, duration);
    }

    private async Task<TimeSpan> TimeAsync(long sent, Task append)
    {
        await append;
        return _time.GetElapsedTime(sent);
    }

    private (Task<TimeSpan> Append, LogEntry Entry) Send(Compressor compressor, SealedBatch batch)
    {
        var frame = batch.Count == 0 ? [] : RecordBatch.Compress(compressor, batch.Records);
        batch.Dispose();
        var entry = new LogEntry(
            (_last ?? LogEntryId.Zero).Next(Math.Max(batch.Ms, _tail.FloorMs)), _tail.LogId, _offset, batch.Count, batch.Position, batch.IsEnd,
            batch.MayRepeat, frame);
        StepEvents.Log.Reached(Step.BatchSealed);
        var append = TimeAsync(_time.GetTimestamp(), _log.AppendAsync(_last, entry, _create, _epoch, batch.Counters, _after));
        StepEvents.Log.Reached(Step.BatchSent);
        (_last, _offset, _create, _after) = (entry.Id, entry.NextOffset, false, _epoch);
        return (append, entry);
    }
}
