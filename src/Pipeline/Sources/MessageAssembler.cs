using System.Buffers;
using System.Net.WebSockets;

namespace Pipeline.Sources;

/// <summary>Puts a message together from its frames, keeping no more of it than the limit, whatever its length.</summary>
internal sealed class MessageAssembler(int maxEventBytes) : IDisposable
{
    private const int InitialBytes = 64 * 1024;

    private byte[] _kept = ArrayPool<byte>.Shared.Rent(Math.Min(InitialBytes, maxEventBytes));
    private byte[]? _overflow;

    /// <summary>The next message, or null when the server closed the connection.</summary>
    public async ValueTask<ReceivedMessage?> ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var kept = 0;
        var length = 0L;
        while (true)
        {
            var target = Room(kept);
            var received = await socket.ReceiveAsync(target, cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;

            length += received.Count;
            if (kept < maxEventBytes)
                kept += received.Count;
            if (received.EndOfMessage)
                break;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(kept);
        _kept.AsSpan(0, kept).CopyTo(buffer);
        return new ReceivedMessage(buffer, kept, length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_kept);
        if (_overflow is not null)
            ArrayPool<byte>.Shared.Return(_overflow);
    }

    private Memory<byte> Room(int kept)
    {
        if (kept == maxEventBytes)
            return _overflow ??= ArrayPool<byte>.Shared.Rent(InitialBytes);

        if (kept == _kept.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * kept, maxEventBytes));
            _kept.AsSpan(0, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_kept);
            _kept = larger;
        }

        return _kept.AsMemory(kept, Math.Min(_kept.Length, maxEventBytes) - kept);
    }
}
