using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Pipeline.Sources;

/// <summary>
/// Messages between one receive loop and one consumer, bounded by count and by bytes. The bytes counted are those of the pooled
/// arrays, not of the messages in them, so the bound is on memory.
/// </summary>
internal sealed class ReceiveBuffer(int maxMessages, long maxBytes, TimeProvider time)
{
    private readonly Channel<ReceivedMessage> _messages = Channel.CreateUnbounded<ReceivedMessage>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, SingleWriter = true });

    private long _count;
    private long _bytes;

    /// <summary>Most bytes ever held at once.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Most messages ever held at once.</summary>
    public long PeakCount { get; private set; }

    /// <summary>False when there is no room now. A message larger than the whole budget fits when it is alone.</summary>
    public bool TryAdd(in ReceivedMessage message)
    {
        var count = Interlocked.Read(ref _count);
        if (count > 0 && (count >= maxMessages || Interlocked.Read(ref _bytes) + message.Buffer.Length > maxBytes))
            return false;

        PeakCount = Math.Max(PeakCount, Interlocked.Increment(ref _count));
        PeakBytes = Math.Max(PeakBytes, Interlocked.Add(ref _bytes, message.Buffer.Length));
        return _messages.Writer.TryWrite(message);
    }

    /// <summary>Waits for room; false when there was none in time.</summary>
    public async Task<bool> AddAsync(ReceivedMessage message, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (!TryAdd(message))
        {
            try
            {
                await _taken.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return TryAdd(message);
            }
        }

        return true;
    }

    /// <summary>No more messages will come.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    /// <summary>True when a message can be taken; false when all were and no more will come.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _messages.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake([MaybeNullWhen(false)] out ReceivedMessage message)
    {
        if (!_messages.Reader.TryRead(out message))
            return false;

        Interlocked.Add(ref _bytes, -message.Buffer.Length);
        Interlocked.Decrement(ref _count);
        _taken.Writer.TryWrite(true);
        return true;
    }
}
