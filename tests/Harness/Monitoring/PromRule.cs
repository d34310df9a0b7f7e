namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A rule that Prometheus has loaded.</summary>
/// <param name="Alert">False for a recording rule.</param>
/// <param name="State"><c>inactive</c>, <c>pending</c> or <c>firing</c>; empty for a recording rule.</param>
/// <param name="Annotations">As written, with templates.</param>
/// <param name="Health"><c>ok</c>, <c>err</c>, or <c>unknown</c> before its first evaluation.</param>
/// <param name="Error">Why its last evaluation failed.</param>
public sealed record PromRule(string Group, string Name, string Query, bool Alert, string State, IReadOnlyDictionary<string, string> Annotations, string Health, string Error);
