using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pipeline.Sources;

namespace Pipeline.Tests.Load.Targets;

/// <summary>A source that has what it was given, when it was given it.</summary>
internal sealed class CalledSource : IEventSource
{
    private readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });

    public string Name => "load";

    public bool IsLive => true;

    public long Rewind => 0;

    public void Send(byte[] message) => _messages.Writer.TryWrite(message);

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = position + 1 ?? 0;
        await foreach (var message in _messages.Reader.ReadAllAsync(cancellationToken)) yield return new SourceMessage(message, next++);
    }
}
