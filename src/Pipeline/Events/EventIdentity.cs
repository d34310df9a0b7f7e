using System.Buffers.Binary;
using System.IO.Hashing;

namespace Pipeline.Events;

/// <summary>
/// What makes two messages the same event: <c>(did, collection, rkey, rev, operation)</c>, as a 128-bit hash. Neither <c>time_us</c>
/// nor the bytes will do, since two Jetstream hosts stamp the same event differently.
/// </summary>
public static class EventIdentity
{
    // About twice what an ordinary event needs; all of it is cleared for each.
    private const int StackBytes = 256;

    public static UInt128 Of(in EventEnvelope envelope) =>
        Of(envelope.Did, envelope.Collection, envelope.Rkey, envelope.Rev, envelope.Operation);

    public static UInt128 Of(
        ReadOnlySpan<byte> did, ReadOnlySpan<byte> collection, ReadOnlySpan<byte> rkey, ReadOnlySpan<byte> rev, Operation operation)
    {
        var length = did.Length + collection.Length + rkey.Length + rev.Length + (4 * sizeof(int)) + 1;
        var key = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        var end = Put(key, 0, did);
        end = Put(key, end, collection);
        end = Put(key, end, rkey);
        end = Put(key, end, rev);
        key[end++] = (byte)operation;
        return XxHash128.HashToUInt128(key[..end]);
    }

    /// <summary>The identity of a message that is no event: all that it has is its bytes.</summary>
    /// <param name="kept">What is kept of it.</param>
    /// <param name="length">Its full length in bytes.</param>
    public static UInt128 OfRejected(ReadOnlySpan<byte> kept, long length) => XxHash128.HashToUInt128(kept, ~length);

    private static int Put(Span<byte> key, int at, ReadOnlySpan<byte> part)
    {
        // Its length first: no separator will do, since a part may hold any character.
        BinaryPrimitives.WriteInt32LittleEndian(key[at..], part.Length);
        part.CopyTo(key[(at + sizeof(int))..]);
        return at + sizeof(int) + part.Length;
    }
}
