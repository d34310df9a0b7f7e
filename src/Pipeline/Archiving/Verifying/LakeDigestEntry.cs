namespace Pipeline.Archiving.Verifying;

/// <summary>The digest of one table.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Sum">The wrapping sum of their hashes, so that order does not matter and a row too many or too few does.</param>
public readonly record struct LakeDigestEntry(long Rows, UInt128 Sum)
{
    public static LakeDigestEntry operator +(LakeDigestEntry left, LakeDigestEntry right) => left.Add(right);

    public LakeDigestEntry Add(LakeDigestEntry other) => new(Rows + other.Rows, unchecked(Sum + other.Sum));
}
