using System.Security.Cryptography;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>A message that is no event, as its row has to look.</summary>
/// <param name="Size">Its full length in bytes.</param>
/// <param name="Hash">SHA-256, in hex, of the bytes that are kept.</param>
public sealed record RejectedMessage(string Reason, long Size, string Hash)
{
    public static RejectedMessage Of(string reason, ReadOnlySpan<byte> kept, long? size = null) => new(reason, size ?? kept.Length, Convert.ToHexString(SHA256.HashData(kept)));
}
