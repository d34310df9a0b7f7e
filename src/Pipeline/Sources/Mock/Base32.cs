using System.Buffers.Binary;

namespace Pipeline.Sources.Mock;

/// <summary>Base 32 by pairs of characters: half the steps of one character at a time, from a table that stays in the cache.</summary>
internal sealed class Base32
{
    private readonly ushort[] _pairs = new ushort[1024];

    private Base32(string alphabet)
    {
        for (var i = 0; i < _pairs.Length; i++)
            _pairs[i] = (ushort)(alphabet[i >> 5] | (alphabet[i & 31] << 8));
    }

    /// <summary>RFC 4648, lower case: DIDs and CIDs.</summary>
    public static Base32 Lower { get; } = new("abcdefghijklmnopqrstuvwxyz234567");

    /// <summary>Sorts as the number does: TIDs.</summary>
    public static Base32 Sortable { get; } = new("234567abcdefghijklmnopqrstuvwxyz");

    /// <summary>Fills <paramref name="to"/> with the lowest 5 bits per character, highest first.</summary>
    public void Write(Span<byte> to, ulong bits)
    {
        var end = to.Length;
        for (; end > 1; end -= 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to[(end - 2)..], _pairs[bits & 1023]);
            bits >>= 10;
        }

        if (end == 1)
            to[0] = (byte)(_pairs[bits & 31] >> 8);
    }
}
