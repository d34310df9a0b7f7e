namespace Pipeline.Sources;

/// <summary>One message in a pooled array.</summary>
/// <param name="Buffer">From the shared pool; whoever takes the message out of the buffer gives it back.</param>
/// <param name="Kept">Bytes of <paramref name="Buffer"/> in use.</param>
/// <param name="Length">The message's full length, in bytes.</param>
internal readonly record struct ReceivedMessage(byte[] Buffer, int Kept, long Length);
