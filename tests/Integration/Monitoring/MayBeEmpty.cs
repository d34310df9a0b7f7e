namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>Series that a healthy pipeline need not have, each with the reason. A query that names one of them is asked for its other series only.</summary>
internal static class MayBeEmpty
{
    /// <summary>By how the query names them.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["redis_errors_total"] = "Redis counts an error from its first occurrence on",
        ["alertstate=\"firing\",severity"] = "nothing fires while all is well",
    };

    public static bool Allows(string query) => Reasons.Keys.Any(name => query.Contains(name, StringComparison.Ordinal));
}
