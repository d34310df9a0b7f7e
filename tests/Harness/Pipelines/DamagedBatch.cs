namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>A stored batch that was changed behind the pipeline's back.</summary>
/// <param name="Frame">Its bytes as they are now.</param>
/// <param name="Records">How many records it held.</param>
/// <param name="Events">The identities of its events.</param>
public sealed record DamagedBatch(byte[] Frame, int Records, IReadOnlyCollection<string> Events);
