using System.Runtime.CompilerServices;
using Pipeline.Sources;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>A source of which only its state matters.</summary>
internal sealed class TestSource : IEventSource
{
    public string Name => "test";

    public bool IsLive { get; init; } = true;

    public long Rewind => 0;

    public bool FollowsClock { get; init; } = true;

    public bool IsConnected { get; set; } = true;

    public long Reconnects { get; set; }

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }
}
