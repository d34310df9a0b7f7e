using System.Net.WebSockets;

namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>Sends the log to one connection: replay from the cursor, then live, faults where they are due.</summary>
internal sealed class FakeSender(FakeJetstreamOptions options, Func<IReadOnlyList<Fault>> faults, FakeConnection connection, Action changed)
{
    private static readonly byte[] Filler = CreateFiller();
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(5);

    private readonly FakeEventLog _log = options.Events;
    private readonly List<FakeFrame> _sent = [];

    /// <summary>Sends until a fault ends the connection (then returns it) or the token is cancelled.</summary>
    public async Task<FaultKind> SendAsync(WebSocket socket, Stream stream, CancellationToken cancellationToken)
    {
        var shiftUs = (long)options.ClockOffset.TotalMicroseconds;
        var end = connection.LiveFrom;
        var start = connection.Cursor is { } cursor ? Math.Min(_log.IndexOf(cursor - shiftUs), end) : end;
        var order = ReplayOrder(start, end);
        var started = TimeProvider.System.GetTimestamp();
        for (var step = 0; ; step++)
        {
            var index = step < order.Length ? order[step] : start + step;
            foreach (var fault in faults())
            {
                if (!fault.TryFire(connection.Number, connection.FramesSent, index))
                    continue;
                changed();
                if (fault.Kind != FaultKind.RepeatLast)
                    return await BreakAsync(fault.Kind, socket, stream, cancellationToken);
                foreach (var frame in _sent[^Math.Min(fault.Count, _sent.Count)..])
                    await SendAsync(socket, frame, cancellationToken);
            }

            var next = (await NextAsync(index, cancellationToken)).Shifted(shiftUs);
            if (!next.IsWanted(connection.WantedCollections))
                continue;
            await SendAsync(socket, next, cancellationToken);
            _sent.Add(next);

            // By the clock, not message by message: timers are no finer than a millisecond, and a delay of less is none.
            if (options.MessagesPerSecond is { } rate && TimeSpan.FromSeconds(_sent.Count / rate) - TimeProvider.System.GetElapsedTime(started) is var ahead && ahead > Burst)
                await Task.Delay(ahead, cancellationToken);
        }
    }

    private async Task<FakeFrame> NextAsync(int index, CancellationToken cancellationToken)
    {
        while (true)
        {
            var appended = _log.Appended;
            if (_log.At(index) is { } frame)
                return frame;
            await appended.WaitAsync(cancellationToken);
        }
    }

    private async Task SendAsync(WebSocket socket, FakeFrame frame, CancellationToken cancellationToken)
    {
        var left = frame.Length - frame.Bytes.Length;
        await socket.SendAsync(frame.Bytes, frame.Type, endOfMessage: left == 0, cancellationToken);
        while (left > 0)
        {
            var count = (int)Math.Min(left, Filler.Length);
            left -= count;
            await socket.SendAsync(Filler.AsMemory(0, count), frame.Type, endOfMessage: left == 0, cancellationToken);
        }

        connection.Sent();
        changed();
    }

    private static async Task<FaultKind> BreakAsync(FaultKind kind, WebSocket socket, Stream stream, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case FaultKind.Close:
                await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "fault", cancellationToken);
                break;
            case FaultKind.Stall:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case FaultKind.DropMidFrame:
                // A text frame that promises 200 bytes and brings 8.
                byte[] half = [0x81, 126, 0, 200, .. "{\"did\":\""u8];
                await stream.WriteAsync(half, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                // The reset would overtake bytes that have not left the process yet.
                await Task.Delay(50, cancellationToken);
                break;
            case FaultKind.Abort:
            case FaultKind.RepeatLast:
            default:
                break;
        }

        return kind;
    }

    private int[] ReplayOrder(int start, int end)
    {
        var order = Enumerable.Range(start, end - start).ToArray();
        var random = new Random(options.Seed);
        for (var block = 0; options.ReorderWindow > 1 && block < order.Length; block += options.ReorderWindow)
            random.Shuffle(order.AsSpan(block, Math.Min(options.ReorderWindow, order.Length - block)));
        return order;
    }

    private static byte[] CreateFiller()
    {
        var filler = new byte[64 * 1024];
        filler.AsSpan().Fill((byte)' ');
        return filler;
    }
}
