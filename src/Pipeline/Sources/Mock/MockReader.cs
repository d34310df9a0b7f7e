namespace Pipeline.Sources.Mock;

/// <summary>Reads the mock firehose in order, forward only. Not for concurrent use; it holds nothing to dispose.</summary>
public sealed class MockReader
{
    private readonly MockBlock _block;
    private readonly long _events;

    internal MockReader(MockBlock block, long index, long events)
    {
        _block = block;
        _events = events;
        Index = index - 1;
    }

    /// <summary>The current event's index; before the first <see cref="Next"/>, the one before it.</summary>
    public long Index { get; private set; }

    /// <summary>The current event, UTF-8, without a newline; valid until the next call of <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Current => Memory.Span;

    /// <summary>As <see cref="Current"/>.</summary>
    public ReadOnlyMemory<byte> Memory { get; private set; }

    /// <summary>Goes on to the next event; false at the end.</summary>
    public bool Next()
    {
        if (Index + 1 >= _events)
            return false;

        Index++;
        _block.Fill(Index / MockBlock.Size);
        Memory = _block[(int)(Index % MockBlock.Size)];
        return true;
    }
}
