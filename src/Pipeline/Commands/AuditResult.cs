using Pipeline.Buffering.Auditing;

namespace Pipeline.Commands;

/// <summary>What the audit of one server came to.</summary>
internal sealed record AuditResult(ServerSnapshot Server, AuditReport Report)
{
    /// <summary>The commands that <c>--fix</c> ran before.</summary>
    public IReadOnlyList<AppliedFix> Applied { get; init; } = [];
}
