namespace Pipeline.Sources.Mock;

/// <summary>A content hash, valid as a CIDv1 of SHA-256: of a record (<c>bafyrei</c>) or of a blob (<c>bafkrei</c>).</summary>
internal readonly record struct Cid(ulong Hash, bool IsBlob = false) : IWireValue
{
    public void WriteTo(WireBuffer buffer)
    {
        // 256 bits do not fill 52 characters: the first carries 3 of them and the last 3, hence the mask and the shift.
        var text = buffer.Take(59);
        (IsBlob ? "bafkrei"u8 : "bafyrei"u8).CopyTo(text);
        Base32.Lower.Write(text[7..19], MockRandom.Derive(Hash, 1) >> 6);
        Base32.Lower.Write(text[19..31], MockRandom.Derive(Hash, 2));
        Base32.Lower.Write(text[31..43], MockRandom.Derive(Hash, 3));
        Base32.Lower.Write(text[43..55], MockRandom.Derive(Hash, 4));
        Base32.Lower.Write(text[55..], MockRandom.Derive(Hash, 5) << 2);
    }
}
