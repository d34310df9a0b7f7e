using Xunit.v3;

namespace Pipeline.Tests.Harness;

/// <summary>
/// There is no container engine. On a laptop the test that needed one is skipped with the reason; with <c>CI=true</c> it fails,
/// so that green never means "not run".
/// </summary>
public sealed class ContainersUnavailableException(string reason) : Exception(IsCi ? reason : DynamicSkipToken.Value + reason)
{
    private static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}
