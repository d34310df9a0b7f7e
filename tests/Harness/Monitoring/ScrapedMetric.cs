namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A metric as it is declared.</summary>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">The labels that its series have, without a histogram's <c>le</c>.</param>
public sealed record ScrapedMetric(string Name, string Type, string Help, HashSet<string> Labels);
