namespace Pipeline.Tests.Harness.Prefect;

/// <summary>A deployment's slot that a run holds.</summary>
/// <param name="Lasts">False for a client that does not renew: the slot is held until the run ends.</param>
internal sealed record FakeLease(string Deployment, string Run, DateTimeOffset Until, bool Lasts);
