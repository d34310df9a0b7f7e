namespace Pipeline.Buffering.Auditing;

/// <summary>Judges one thing about a server.</summary>
internal interface IAuditRule
{
    AuditFinding Check(ServerSnapshot server);
}
