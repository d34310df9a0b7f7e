using Xunit.v3;

namespace Pipeline.Tests.Harness;

/// <summary>An image that only a registry has, and none answers. The test that needed it is skipped with the reason, in CI as well: it cannot be made from packages.</summary>
public sealed class ImageUnavailableException(string reason) : Exception(DynamicSkipToken.Value + reason);
