namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>Prometheus refused an expression, and says why.</summary>
public sealed class PromQlException(string message) : Exception(message);
