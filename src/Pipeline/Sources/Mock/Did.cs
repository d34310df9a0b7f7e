namespace Pipeline.Sources.Mock;

/// <summary>An account: <c>did:plc:</c> and 24 characters.</summary>
internal readonly record struct Did(ulong Hash) : IWireValue
{
    public void WriteTo(WireBuffer buffer)
    {
        var text = buffer.Take(32);
        "did:plc:"u8.CopyTo(text);
        Base32.Lower.Write(text[8..20], MockRandom.Derive(Hash, 1));
        Base32.Lower.Write(text[20..], MockRandom.Derive(Hash, 2));
    }
}
