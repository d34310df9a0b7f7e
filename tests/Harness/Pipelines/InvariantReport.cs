namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>What the comparison of what was produced with what is there found.</summary>
/// <param name="Rows">Rows of the lake that were compared, rejected ones included.</param>
/// <param name="Violations">One line each; empty = the invariant holds.</param>
public sealed record InvariantReport(long Rows, IReadOnlyList<string> Violations)
{
    public override string ToString() => Violations.Count == 0 ? $"{Rows:N0} rows, the invariant holds" : string.Join(Environment.NewLine, Violations);
}
