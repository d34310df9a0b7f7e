using Pipeline.Buffering.Auditing;

namespace Pipeline.Commands;

/// <summary>One server in what <c>pipeline audit --json</c> prints.</summary>
/// <param name="Server">Host and port.</param>
/// <param name="ConfigReadable">Whether the server lets us run CONFIG GET.</param>
/// <param name="Applied">What <c>--fix</c> did before.</param>
internal sealed record ServerAudit(
    string Server, string Version, bool ConfigReadable, bool Passed, IReadOnlyList<AuditFinding> Findings, IReadOnlyList<AppliedFix> Applied)
{
    public static ServerAudit Of(AuditResult result) => new(
        result.Report.Server, result.Server.VersionText, result.Server.Config is not null, result.Report.Passed, result.Report.Findings, result.Applied);
}
