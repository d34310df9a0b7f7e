using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Sources;
using Pipeline.Tests.Harness.Jetstream;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>A live source like Jetstream: from a position it sends what is at or after it, then it is quiet.</summary>
/// <param name="begin">What it sends from when it is asked for no position.</param>
internal sealed class ScriptedSource(IReadOnlyList<(long TimeUs, string Message)> messages, long rewindUs, long begin = 0) : IEventSource
{
    public string Name => "jetstream";

    public bool IsLive => true;

    public long Rewind => rewindUs;

    public static IReadOnlyList<(long TimeUs, string Message)> Likes(int start, int count, long stepUs) =>
        [.. Enumerable.Range(start, count).Select(n => (TestEvents.EpochUs + (n * stepUs), TestEvents.Like(n, stepUs)))];

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (timeUs, message) in messages)
        {
            if (timeUs < (position ?? begin)) continue;
            yield return new SourceMessage(Encoding.UTF8.GetBytes(message), null);
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
