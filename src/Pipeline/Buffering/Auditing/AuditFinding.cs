namespace Pipeline.Buffering.Auditing;

/// <summary>What the audit found about one setting. Never holds a password.</summary>
/// <param name="Expected">Normalised: sizes are bytes.</param>
/// <param name="Actual">Normalised likewise; null when the server does not say.</param>
/// <param name="Required">Whether not knowing it fails the audit: a wrong value would lose data.</param>
/// <param name="Mend">What to do about it; null when nothing needs doing.</param>
/// <param name="Fix">What <c>--fix</c> would do, or why it would not; null when there is nothing it could do.</param>
internal sealed record AuditFinding(
    string Setting, string Expected, string? Actual, Verdict Verdict, bool Required, string Why, string? Mend, AuditFix? Fix)
{
    /// <summary><c>bytes</c> when expected and actual are a size; null otherwise.</summary>
    public string? Unit { get; init; }

    public bool Fails => Verdict == Verdict.Wrong || (Verdict == Verdict.Unknown && Required);
}
