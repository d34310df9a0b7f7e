using System.Buffers;

namespace Pipeline.Sources.Mock;

/// <summary>
/// The firehose as it is in July 2026, made up: the real one's mix, sizes, disorder, deletes and multi-operation commits, on the v1
/// wire. An event is a pure function of the options and its index, so any part can be had again, from anywhere, on any machine.
/// Safe for concurrent use.
/// </summary>
public sealed class MockFirehose
{
    /// <summary>To be raised whenever the same options give other bytes than before.</summary>
    internal const int Version = 1;

    private readonly MockFirehoseOptions _options;
    private MockBlock? _spare;

    /// <exception cref="ArgumentOutOfRangeException">A rate or a count makes no sense.</exception>
    public MockFirehose(MockFirehoseOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EventsPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.EventsPerSecond, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Events ?? 0);
        _options = options;
    }

    /// <summary>How many events there are: <see cref="long.MaxValue"/> when they never end.</summary>
    public long Events => _options.Events ?? long.MaxValue;

    /// <summary>Writes one event, without a newline. To read many in a row, <see cref="From"/> is faster.</summary>
    public void Write(long index, IBufferWriter<byte> writer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Events);
        var block = Interlocked.Exchange(ref _spare, null) ?? new MockBlock(_options);
        block.Fill(index / MockBlock.Size);
        writer.Write(block[(int)(index % MockBlock.Size)].Span);
        _spare = block;
    }

    /// <summary>A reader whose first event is the one at <paramref name="index"/>.</summary>
    public MockReader From(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new MockReader(new MockBlock(_options), index, Events);
    }
}
