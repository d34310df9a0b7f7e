namespace Pipeline.Buffering.Auditing;

/// <summary>What a rule saw, and what it makes of it.</summary>
/// <param name="Actual">Null when the server does not say.</param>
/// <param name="Because">What the rule's reason does not say yet.</param>
internal sealed record Observation(Verdict Verdict, string? Actual, string? Because = null)
{
    public static Observation Unknown { get; } = new(Verdict.Unknown, null);
}
