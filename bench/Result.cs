namespace Pipeline.Bench;

/// <summary>One line of the table of targets.</summary>
/// <param name="Measured">The pipeline's own figure, with its unit.</param>
/// <param name="Reference">What it is compared with; null where the limit is absolute.</param>
/// <param name="Ratio">The figure that the target is about.</param>
internal sealed record Result(string Name, string Measured, string? Reference, string Ratio, string Target, bool IsMet)
{
    public static IReadOnlyList<string> Head { get; } = ["benchmark", "measured", "reference", "ratio", "target", "verdict"];

    public IReadOnlyList<string> Cells => [Name, Measured, Reference ?? "", Ratio, Target, IsMet ? "met" : "MISSED"];
}
