namespace Pipeline.Buffering.Auditing;

/// <summary>How to audit.</summary>
/// <param name="ProfileNamed">Whether somebody asked for the profile by name; only then may a fix replace what is safer than the profile.</param>
internal sealed record AuditOptions(AuditProfile Profile = AuditProfile.Met27, bool ProfileNamed = false);
