namespace Pipeline.Archiving.Tables;

/// <summary>The values of a text column, one after another, as UTF-8.</summary>
internal sealed class TextArena
{
    // Empty at first: many columns stay so, and a replay in no order has thousands of tables at a time.
    private byte[] _bytes = [];
    private int[] _ends = [];

    /// <summary>How many values there are.</summary>
    public int Count { get; private set; }

    public int Length { get; private set; }

    public byte[] Buffer => _bytes;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Room for one more value of at most this many bytes.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - Length < length) Array.Resize(ref _bytes, Math.Max(_bytes.Length + (_bytes.Length / 2), Length + length));
        return _bytes.AsSpan(Length, length);
    }

    /// <summary>Takes the first bytes of what was reserved as the next value.</summary>
    public void Commit(int length)
    {
        if (Count == _ends.Length) Array.Resize(ref _ends, Math.Max(16, Count * 2));
        Length += length;
        _ends[Count++] = Length;
    }

    /// <summary>Cuts a buffer that is laid out like this one into the values.</summary>
    public void Slice<T>(T[] buffer, ReadOnlyMemory<T>[] values)
    {
        for (int i = 0, start = 0; i < Count; start = _ends[i++]) values[i] = buffer.AsMemory(start, _ends[i] - start);
    }

    public void Clear() => (Count, Length) = (0, 0);
}
