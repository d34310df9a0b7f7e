using System.Text.Json.Serialization;

namespace Pipeline.Buffering.Auditing;

/// <summary>What a server is compared with.</summary>
internal enum AuditProfile
{
    /// <summary>MET-27 to the letter: <c>allkeys-lru</c>.</summary>
    [JsonStringEnumMemberName("met27")]
    Met27,

    /// <summary>Recommended: as MET-27, except that a full Redis refuses writes instead of evicting the log.</summary>
    [JsonStringEnumMemberName("noeviction")]
    NoEviction,
}
