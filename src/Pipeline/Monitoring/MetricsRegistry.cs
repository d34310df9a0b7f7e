using System.Reflection;
using Prometheus;

namespace Pipeline.Monitoring;

/// <summary>
/// The metrics of one program. What a stage counts itself is only read when somebody asks, so it costs the pipeline nothing, and stands at 0
/// from the start.
/// </summary>
public sealed class MetricsRegistry
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _factory;

    /// <param name="verb">The program's verb, such as <c>run</c>.</param>
    public MetricsRegistry(string verb)
    {
        _factory = Metrics.WithCustomRegistry(_registry);
        DotNetStats.Register(_registry);
        _factory.CreateGauge("pipeline_build_info", "Always 1; the labels say what runs.", "version", "verb").WithLabels(Version, verb).Set(1);
    }

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(MetricsRegistry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Adds a counter. <paramref name="read"/> is asked at every scrape, and must not wait for anything.</summary>
    public void Counter(string name, string help, Func<long> read)
    {
        var counter = _factory.CreateCounter(name, help);
        _registry.AddBeforeCollectCallback(() => counter.IncTo(read()));
    }

    /// <summary>Adds a counter for each value of a label; all of them are there from the start.</summary>
    public void Counter(string name, string help, string label, IEnumerable<string> values, Func<string, long> read)
    {
        var family = _factory.CreateCounter(name, help, label);
        var counters = values.Select(value => (Value: value, Child: family.WithLabels(value))).ToList();
        _registry.AddBeforeCollectCallback(() => counters.ForEach(c => c.Child.IncTo(read(c.Value))));
    }

    /// <summary>Adds a value that goes up and down; while <paramref name="read"/> gives null, nobody knows it, and it is not shown.</summary>
    public void Gauge(string name, string help, Func<double?> read)
    {
        var gauge = _factory.CreateGauge(name, help, new GaugeConfiguration { SuppressInitialValue = true });
        _registry.AddBeforeCollectCallback(() =>
        {
            if (read() is { } value) gauge.Set(value);
            else gauge.Unpublish();
        });
    }

    /// <summary>Adds a value that is true (1) or false (0).</summary>
    public void Flag(string name, string help, Func<bool> read) => Gauge(name, help, () => read() ? 1 : 0);

    /// <summary>Adds a distribution, and gives what is to be called for every observation.</summary>
    public Action<double> Histogram(string name, string help, params double[] buckets) =>
        _factory.CreateHistogram(name, help, new HistogramConfiguration { Buckets = buckets }).Observe;

    /// <summary>Writes all metrics in Prometheus' text format.</summary>
    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);
}
