namespace Pipeline.Sources;

/// <summary>One message of a source, exactly as received.</summary>
/// <param name="Bytes">The message's bytes, valid until the next message is asked for. Cut at the size limit.</param>
/// <param name="Length">The message's full length in bytes: more than <paramref name="Bytes"/> holds when it was cut.</param>
/// <param name="Position">Where to resume after this message; null when that is the event's own <c>time_us</c> (Jetstream).</param>
public readonly record struct SourceMessage(ReadOnlyMemory<byte> Bytes, long Length, long? Position)
{
    public SourceMessage(ReadOnlyMemory<byte> bytes, long? position) : this(bytes, bytes.Length, position)
    {
    }
}
