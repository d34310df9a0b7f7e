using System.Runtime.CompilerServices;
using Pipeline.Sources;

namespace Pipeline.Bench;

/// <summary>A source that costs nothing: events that are in memory already.</summary>
internal sealed class MemorySource(EventSet events) : IEventSource
{
    public string Name => "bench";

    public bool IsLive => false;

    public long Rewind => 0;

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = (int)(position + 1 ?? 0); i < events.Count; i++) yield return new SourceMessage(events[i], i);
    }
}
