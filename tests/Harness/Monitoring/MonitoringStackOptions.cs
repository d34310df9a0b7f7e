namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>What a test changes about the stack.</summary>
public sealed record MonitoringStackOptions
{
    /// <summary>Default: the shipped files.</summary>
    public TestOverlay Files { get; init; } = TestOverlay.Shipped;

    public RedisServerOptions? Redis { get; init; }

    /// <summary>Arguments of redis_exporter, as in docker/compose.yaml. Default none.</summary>
    public IReadOnlyList<string> ExporterArguments { get; init; } = [];

    /// <summary>How many programs serve metrics: one for <c>run</c>, two for <c>ingest</c> and <c>write</c>.</summary>
    public int Programs { get; init; } = 1;
}
