namespace Pipeline.Buffering.Auditing;

/// <summary>What the audit found about one server.</summary>
/// <param name="Server">Host and port.</param>
internal sealed record AuditReport(string Server, AuditProfile Profile, IReadOnlyList<AuditFinding> Findings)
{
    public bool Passed => !Findings.Any(f => f.Fails);

    /// <summary>What may be changed at run time, in the order in which to do it.</summary>
    /// <remarks>The append-only file comes last, so that it is begun with everything else in force.</remarks>
    public IReadOnlyList<AuditFix> Fixes =>
        [.. Findings.Select(f => f.Fix).OfType<AuditFix>().Where(f => f.Refusal is null).OrderBy(f => f.Setting == AuditRules.AppendOnly)];

    public static AuditReport Of(ServerSnapshot server, AuditOptions options) =>
        new(server.Server, options.Profile, [.. AuditRules.For(options).Select(rule => rule.Check(server))]);
}
