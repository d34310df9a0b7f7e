namespace Pipeline.Buffering.Auditing;

/// <summary>Judges what is no line of redis.conf, or more than one.</summary>
/// <param name="Mend">What to do when it is not well.</param>
internal sealed record FactRule(string Name, string Expected, Func<ServerSnapshot, Observation> Observe, string Why, string Mend) : IAuditRule
{
    public AuditFinding Check(ServerSnapshot server)
    {
        var (verdict, actual, because) = Observe(server);
        var mend = verdict switch { Verdict.Ok => null, Verdict.Unknown => "the server does not say: look it up where it is managed", _ => Mend };
        return new AuditFinding(Name, Expected, actual, verdict, Required: false, because is null ? Why : $"{because}. {Why}", mend, Fix: null);
    }
}
