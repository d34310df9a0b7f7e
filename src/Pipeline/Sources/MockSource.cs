using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Sources.Mock;

namespace Pipeline.Sources;

/// <summary>The mock firehose as a source. A position is the index of an event, so resuming is exact.</summary>
public sealed class MockSource(MockFirehoseOptions options, TimeProvider? time = null) : IEventSource
{
    private readonly MockFirehose _firehose = new(options);

    /// <summary>Names everything that decides the bytes, so that a position never continues a different stream.</summary>
    public string Name { get; } = $"mock-{options.Seed}-{Fingerprint(options):x8}";

    /// <summary>An endless mock is live; one with an end is over when it ends.</summary>
    public bool IsLive => options.Events is null;

    public long Rewind => 0;

    public async IAsyncEnumerable<SourceMessage> ReadAsync(long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = _firehose.From(position + 1 ?? 0);
        var pace = options.Rate > 0 ? new MockPace(options.Rate.Value, time ?? TimeProvider.System) : null;
        while (reader.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pace is not null && !pace.TryTake())
                await pace.TakeAsync(cancellationToken);
            yield return new SourceMessage(reader.Memory, reader.Index);
        }
    }

    private static uint Fingerprint(MockFirehoseOptions options)
    {
        var mix = options.Mix;
        return XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(
            FormattableString.Invariant($"{MockFirehose.Version} {options.Start.UtcTicks} {options.EventsPerSecond} {mix}")));
    }
}
