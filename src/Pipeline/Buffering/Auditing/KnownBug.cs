namespace Pipeline.Buffering.Auditing;

/// <summary>A bug of Redis that concerns the log.</summary>
/// <param name="Ranges">First version that has it and first that does not, for each release line.</param>
internal sealed record KnownBug(string What, Verdict Verdict, params (string From, string FixedIn)[] Ranges)
{
    /// <summary>Whether only a server that speaks TLS has it.</summary>
    public bool NeedsTls { get; init; }

    public bool IsIn(Version version) => Ranges.Any(r => version >= Version.Parse(r.From) && version < Version.Parse(r.FixedIn));
}
