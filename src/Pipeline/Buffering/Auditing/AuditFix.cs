namespace Pipeline.Buffering.Auditing;

/// <summary>A change that can be made while the server runs.</summary>
/// <param name="Refusal">Why it is not made nevertheless; null when it may be.</param>
internal sealed record AuditFix(string Setting, string Value, string? Refusal = null)
{
    public string Command => $"CONFIG SET {ConfigurationLine}";

    /// <summary>The same for redis.conf.</summary>
    public string ConfigurationLine => $"{Setting} {(Value.Length > 0 ? Value : "\"\"")}";
}
