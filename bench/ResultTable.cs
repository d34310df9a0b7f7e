namespace Pipeline.Bench;

/// <summary>One table of the report, which <c>--write</c> puts between markers of the same name in the documentation.</summary>
/// <param name="Note">What was measured, how much of it and how often; the machine is added by the report.</param>
internal sealed record ResultTable(string Name, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows, string Note);
