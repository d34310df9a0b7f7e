namespace Pipeline.Buffering.Auditing;

/// <summary>
/// Bugs of Redis that concern the log, each with its number in redis/redis or its CVE; known as of November 2026. What a distribution may have
/// mended under an old version number is no more than a warning.
/// </summary>
internal static class KnownBugs
{
    private static readonly KnownBug[] _all =
    [
        new("XTRIM MINID may remove entries above the id it is given (#9410)", Verdict.Wrong, ("6.2.0", "6.2.7")),
        new("trimming a stream leaks memory (#10753)", Verdict.Warning, ("7.0.0", "7.0.1")),
        new("an fsync of the append-only file may be missed after a rewrite (#11973)", Verdict.Warning, ("7.0.0", "7.0.11")),
        new(
            "whoever may run scripts, as the pipeline has to, may run any code (CVE-2025-49844)",
            Verdict.Warning,
            ("6.2.0", "6.2.20"), ("7.0.0", "7.2.11"), ("7.4.0", "7.4.6"), ("8.0.0", "8.0.4"), ("8.2.0", "8.2.2")),
        new(
            "whoever reaches its TLS port may run any code (CVE-2026-81934)",
            Verdict.Warning,
            ("6.2.0", "6.2.24"), ("7.0.0", "7.2.16"), ("7.4.0", "7.4.11"), ("8.0.0", "8.2.9"), ("8.4.0", "8.4.6"), ("8.6.0", "8.6.6"), ("8.8.0", "8.8.2"), ("8.10.0", "8.10.1"))
        { NeedsTls = true },
    ];

    public static IReadOnlyList<KnownBug> In(Version version, bool tls) => [.. _all.Where(bug => bug.IsIn(version) && (tls || !bug.NeedsTls))];
}
