using System.Net.WebSockets;

namespace Pipeline.Sources;

/// <summary>
/// One connection: a loop that receives without pause into a bounded buffer, for .NET answers pings only while a receive is pending.
/// </summary>
internal sealed class JetstreamSession : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(250);

    private readonly WebSocket _socket;
    private readonly JetstreamOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<SessionEnd> _loop;
    private volatile bool _stopping;

    public JetstreamSession(WebSocket socket, JetstreamOptions options, TimeProvider time)
    {
        _socket = socket;
        _options = options;
        _time = time;
        Buffer = new ReceiveBuffer(options.BufferMessages, options.BufferBytes, time);
        _loop = Task.Run(RunAsync);
    }

    public ReceiveBuffer Buffer { get; }

    /// <summary>Why the session ended; completes once nothing more is received. What is buffered may still be taken.</summary>
    public Task<SessionEnd> Ended => _loop;

    /// <summary>What the transport said when the connection was lost.</summary>
    public Exception? Error { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await CloseAsync();

        // Cancelling a receive resets the connection, which would overtake the goodbye: the server has a moment to answer it.
        await Task.WhenAny(_loop, Task.Delay(CloseTimeout));
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task<SessionEnd> RunAsync()
    {
        try
        {
            var end = await ReceiveAsync();
            if (end != SessionEnd.Lost)
                await CloseAsync();
            return end;
        }
        finally
        {
            // Here and not in DisposeAsync: after hanging up on a slow consumer, that consumer may take minutes to come back.
            _socket.Dispose();
            Buffer.Complete();
        }
    }

    private async Task<SessionEnd> ReceiveAsync()
    {
        using var assembler = new MessageAssembler(_options.MaxEventBytes);
        using var watchdog = new CancellationTokenSource(_options.NoEventsTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, watchdog.Token);
        try
        {
            while (await assembler.ReceiveAsync(_socket, either.Token) is { } message)
            {
                if (!Buffer.TryAdd(message))
                {
                    // The consumer is slow, not the server: its watchdog rests.
                    watchdog.CancelAfter(Timeout.InfiniteTimeSpan);
                    if (!await Buffer.AddAsync(message, _options.SlowConsumerTimeout, _stop.Token))
                        return _stopping ? SessionEnd.Stopped : SessionEnd.ConsumerTooSlow;
                }

                watchdog.CancelAfter(_options.NoEventsTimeout);
            }

            return _stopping ? SessionEnd.Stopped : SessionEnd.ClosedByServer;
        }
        catch (OperationCanceledException)
        {
            return _stopping ? SessionEnd.Stopped : SessionEnd.Stalled;
        }
        catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException)
        {
            Error = e;
            return _stopping ? SessionEnd.Stopped : SessionEnd.Lost;
        }
    }

    /// <summary>Says goodbye, briefly; a socket already dead or closing is no reason to wait or to complain.</summary>
    private async Task CloseAsync()
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;

        try
        {
            using var deadline = new CancellationTokenSource(CloseTimeout, _time);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
        }
    }
}
