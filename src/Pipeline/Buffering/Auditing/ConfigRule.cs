namespace Pipeline.Buffering.Auditing;

/// <summary>Judges one line of redis.conf. Everything but the name, the value and the reason has a sensible default.</summary>
/// <param name="Name">As redis.conf writes it.</param>
/// <param name="Value">The value to have, as redis.conf writes it.</param>
internal sealed record ConfigRule(string Name, string Value, string Why) : IAuditRule
{
    /// <summary>What a value that nothing below allows is.</summary>
    public Verdict Otherwise { get; init; } = Verdict.Warning;

    public bool Required { get; init; }

    public bool IsSize { get; init; }

    /// <summary>Names all values that will do, when it is more than one.</summary>
    public string? Expected { get; init; }

    /// <summary>Other values that are just as good.</summary>
    public Func<string, bool> Allows { get; init; } = _ => false;

    /// <summary>Values that are safer than the profile asks; <c>--fix</c> leaves them alone unless <see cref="MayLoosen"/>.</summary>
    public Func<string, bool> IsSafer { get; init; } = _ => false;

    public bool MayLoosen { get; init; }

    /// <summary>Values that are <see cref="Verdict.Wrong"/> where others are only unwise.</summary>
    public Func<string, bool> IsWrong { get; init; } = _ => false;

    /// <summary>Where else the value may be had when CONFIG is refused.</summary>
    public Func<ServerSnapshot, string?> FromInfo { get; init; } = _ => null;

    public bool AtRunTime { get; init; } = true;

    /// <summary>Why the value must not be set on this server now; null when it may.</summary>
    public Func<ServerSnapshot, string?> Refuse { get; init; } = _ => null;

    public AuditFinding Check(ServerSnapshot server)
    {
        var value = server.Setting(Name) ?? FromInfo(server);
        var actual = value is null ? null : RedisSize.Normalise(value);
        var verdict = Judge(actual);
        var fix = verdict is Verdict.Ok or Verdict.Unknown || !AtRunTime || server.Config is null ? null : new AuditFix(Name, Value, Refusal(server, actual!));
        return new AuditFinding(Name, Expected ?? RedisSize.Normalise(Value), actual, verdict, Required, Why, Mend(server, verdict, fix), fix) { Unit = IsSize ? "bytes" : null };
    }

    private Verdict Judge(string? actual) => actual switch
    {
        null => Verdict.Unknown,
        _ when actual == RedisSize.Normalise(Value) || Allows(actual) => Verdict.Ok,
        _ when IsSafer(actual) => Verdict.Warning,
        _ when IsWrong(actual) => Verdict.Wrong,
        _ => Otherwise,
    };

    private string? Refusal(ServerSnapshot server, string actual) =>
        Refuse(server) ?? (IsSafer(actual) && !MayLoosen ? "what is there is safer than the profile asks, so it is only changed when --profile names it" : null);

    private string? Mend(ServerSnapshot server, Verdict verdict, AuditFix? fix)
    {
        var line = new AuditFix(Name, Value).ConfigurationLine;
        return verdict switch
        {
            Verdict.Ok => null,
            Verdict.Unknown when server.ConfigRefusal is { } refusal => $"CONFIG GET is refused ({refusal}): grant +config|get, or look it up where the server is managed",
            Verdict.Unknown => "this server has no such setting: look it up in its manual",
            _ when fix is { Refusal: { } refusal } => $"`{line}`; not by --fix: {refusal}",
            _ when fix is not null => $"--fix, or {fix.Command}",
            _ when AtRunTime => $"`{line}`, set where the server is managed",
            _ => $"`{line}` in redis.conf, and a restart",
        };
    }
}
