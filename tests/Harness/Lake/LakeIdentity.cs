namespace Pipeline.Tests.Harness.Lake;

/// <summary>What makes two rows of the lake the same event.</summary>
public sealed record LakeIdentity(string Did, string Collection, string Rkey, string Rev, string Operation);
