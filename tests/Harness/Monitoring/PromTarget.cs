namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A target that Prometheus scrapes.</summary>
/// <param name="Health"><c>up</c>, <c>down</c>, or <c>unknown</c> before the first scrape.</param>
/// <param name="Error">Why the last scrape failed; empty when it did not.</param>
public sealed record PromTarget(string Job, string Address, string Health, string Error);
