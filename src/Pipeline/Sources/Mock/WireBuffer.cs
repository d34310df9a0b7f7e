using System.Runtime.CompilerServices;
using System.Text;

namespace Pipeline.Sources.Mock;

/// <summary>UTF-8 under construction. Nothing is allocated per event.</summary>
internal sealed class WireBuffer(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Slice(int start, int length) => _bytes.AsMemory(start, length);

    public void Clear() => Length = 0;

    /// <summary>Appends JSON written as it reads on the wire, its values through <see cref="IWireValue"/>.</summary>
#pragma warning disable CA1822, IDE0060 // The handler has written to this buffer by the time this method runs.
    public void Json([InterpolatedStringHandlerArgument("")] WireJson json)
    {
    }
#pragma warning restore CA1822, IDE0060

    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(_bytes.AsSpan(Length));
        Length += utf8.Length;
    }

    public void Append(byte utf8) => _bytes[Length++] = utf8;

    public void Append(long number)
    {
        number.TryFormat(_bytes.AsSpan(Length), out var written);
        Length += written;
    }

    public void AppendAscii(string text)
    {
        Ascii.FromUtf16(text, _bytes.AsSpan(Length, text.Length), out _);
        Length += text.Length;
    }

    /// <summary>Makes the ASCII letter at <paramref name="position"/> a capital.</summary>
    public void Capitalize(int position)
    {
        if (char.IsAsciiLetterLower((char)_bytes[position]))
            _bytes[position] ^= 0x20;
    }

    /// <summary>The next <paramref name="length"/> bytes, to be filled by the caller.</summary>
    public Span<byte> Take(int length)
    {
        var taken = _bytes.AsSpan(Length, length);
        Length += length;
        return taken;
    }
}
