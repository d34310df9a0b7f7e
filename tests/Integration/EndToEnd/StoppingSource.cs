using System.Runtime.CompilerServices;
using Pipeline.Sources;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>A source during whose n-th message the program is asked to stop.</summary>
internal sealed class StoppingSource(IEventSource source, long position, CancellationTokenSource stop) : IEventSource
{
    public string Name => source.Name;

    public bool IsLive => source.IsLive;

    public long Rewind => source.Rewind;

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in source.ReadAsync(from, cancellationToken))
        {
            if (message.Position == position) await stop.CancelAsync();
            yield return message;
        }
    }
}
