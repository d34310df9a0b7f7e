using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Pipeline.Sources;

/// <summary>
/// Bluesky's Jetstream, v1 wire. Positions are the events' own <c>time_us</c>. A session connects (for as long as that takes) and
/// ends when the connection does; the next one goes to the next host, except after a consumer too slow to keep up.
/// </summary>
/// <remarks>Sessions follow one another: do not read two at once.</remarks>
public sealed class JetstreamSource : IEventSource
{
    private readonly JetstreamConnector _connector;

    /// <exception cref="SourceException">An option is out of range.</exception>
    public JetstreamSource(JetstreamOptions options, ILogger<JetstreamSource> logger, TimeProvider time)
    {
        options.Validate();
        Rewind = (long)options.Rewind.TotalMicroseconds;
        _connector = new JetstreamConnector(options, Status, logger, time);
    }

    public string Name => "jetstream";

    public bool IsLive => true;

    public long Rewind { get; }

    public bool FollowsClock => true;

    public bool IsConnected => Status.Connected;

    public long Reconnects => Status.Reconnects + Status.SlowConsumerDisconnects;

    public JetstreamStatus Status { get; } = new();

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<SourceMessage> ReadAsync(
        long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = await _connector.OpenAsync(position, cancellationToken);
        try
        {
            while (await session.Buffer.WaitAsync(cancellationToken))
            {
                while (session.Buffer.TryTake(out var message))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    try
                    {
                        yield return new SourceMessage(message.Buffer.AsMemory(0, message.Kept), message.Length, Position: null);
                    }
                    finally
                    {
                        ArrayPool<byte>.Shared.Return(message.Buffer);
                    }
                }
            }
        }
        finally
        {
            await session.DisposeAsync();
            _connector.Ended(session, await session.Ended);
        }
    }
}
