using Pipeline.Buffering.Auditing;

namespace Pipeline.Commands;

/// <summary>What <c>pipeline audit --json</c> prints.</summary>
internal sealed record AuditDocument(AuditProfile Profile, bool Passed, IReadOnlyList<ServerAudit> Servers);
