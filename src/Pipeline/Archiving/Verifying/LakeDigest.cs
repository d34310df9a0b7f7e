using System.Buffers.Binary;
using System.IO.Hashing;
using Pipeline.Events;

namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Says whether two sets of events are the same, whatever their order, by identity, <c>time_us</c> and CID: add what was sent here and
/// what the lake holds there, and compare. Not for concurrent use.
/// </summary>
public sealed class LakeDigest
{
    private const int StackCid = 128;

    private readonly LakeDigestEntry[] _entries = new LakeDigestEntry[EventTypes.All.Count];

    public LakeDigestEntry this[EventType type] => _entries[(int)type];

    /// <summary>Over all types.</summary>
    public LakeDigestEntry Total => _entries.Aggregate(default(LakeDigestEntry), (sum, entry) => sum + entry);

    /// <summary>The types in which the two differ.</summary>
    public IEnumerable<EventType> Differences(LakeDigest other) => EventTypes.All.Where(t => this[t] != other[t]);

    /// <summary>Adds an archived event.</summary>
    public void Add(in EventEnvelope envelope) => Add(envelope.Type, Hash(envelope));

    /// <summary>Adds an event by its hash.</summary>
    public void Add(EventType type, UInt128 hash) => _entries[(int)type] += new LakeDigestEntry(1, hash);

    public void Add(LakeDigest other)
    {
        foreach (var type in EventTypes.All) _entries[(int)type] += other[type];
    }

    public static UInt128 Hash(in EventEnvelope envelope) => Hash(EventIdentity.Of(envelope), envelope.TimeUs, envelope.Cid);

    /// <param name="identity">What <see cref="EventIdentity"/> gives.</param>
    /// <param name="cid">Empty where there is none.</param>
    public static UInt128 Hash(UInt128 identity, long timeUs, ReadOnlySpan<byte> cid)
    {
        const int Fixed = 16 + sizeof(long);
        var buffer = cid.Length <= StackCid ? stackalloc byte[Fixed + StackCid] : new byte[Fixed + cid.Length];
        BinaryPrimitives.WriteUInt128LittleEndian(buffer, identity);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[16..], timeUs);
        cid.CopyTo(buffer[Fixed..]);
        return XxHash128.HashToUInt128(buffer[..(Fixed + cid.Length)]);
    }
}
