using Xunit.v3;

namespace Pipeline.Tests.Integration.Monitoring.StatusPage;

/// <summary>There is no browser. On a laptop the test that needed one is skipped with the reason; with <c>CI=true</c> it fails.</summary>
public sealed class BrowserUnavailableException(string reason) : Exception(IsCi ? reason : DynamicSkipToken.Value + reason)
{
    private static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}
