using System.Text.Json.Serialization;

namespace Pipeline.Buffering.Auditing;

/// <summary>What the audit thinks of a setting, the worst last.</summary>
internal enum Verdict
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Another value is advisable; nothing is lost and the log works.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>The server does not say.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Data can be lost, a stranger can get in, or the log cannot work.</summary>
    [JsonStringEnumMemberName("wrong")]
    Wrong,
}
