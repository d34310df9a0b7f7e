using System.Globalization;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>
/// What docker/compose.yaml runs around the pipeline, in containers of the test's own: Redis, its exporter, Prometheus, Alertmanager, and Slack in the
/// test process. The programs are the test's to start: <see cref="PipelinePorts"/> says where they have to listen, on any address.
/// </summary>
public sealed class MonitoringStack : IAsyncDisposable
{
    // The addresses of docker/prometheus/prometheus.yml.
    private const string PipelineTarget = "pipeline:9464";

    private readonly List<IAsyncDisposable> _parts = [];

    private MonitoringStack(MonitoringStackOptions options) =>
        PipelinePorts = [.. Enumerable.Range(0, options.Programs).Select(_ => Ports.Free())];

    public IReadOnlyList<int> PipelinePorts { get; }

    public RedisServer Redis { get; private set; } = null!;

    public RedisExporter Exporter { get; private set; } = null!;

    public AlertmanagerServer Alertmanager { get; private set; } = null!;

    public PrometheusServer Prometheus { get; private set; } = null!;

    public FakeSlack Slack { get; private set; } = null!;

    /// <exception cref="ContainersUnavailableException"/>
    public static async Task<MonitoringStack> StartAsync(MonitoringStackOptions? options = null)
    {
        var stack = new MonitoringStack(options ?? new());
        try
        {
            await stack.StartPartsAsync(options ?? new());
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until Prometheus gets answers from every target of these jobs.</summary>
    /// <exception cref="TimeoutException">Says which target gives none, and why.</exception>
    public async Task WaitForTargetsAsync(params IReadOnlyCollection<string> jobs)
    {
        foreach (var job in jobs)
        {
            await Eventually.GetAsync(
                $"Prometheus to reach the targets of {job}",
                async () => new Targets([.. (await Prometheus.Query.TargetsAsync()).Where(t => t.Job == job)]),
                targets => targets.All.Count > 0 && targets.All.All(t => t.Health == "up"), Deadlines.Container);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts)) await part.DisposeAsync();
    }

    private async Task StartPartsAsync(MonitoringStackOptions options)
    {
        Slack = Kept(await FakeSlack.StartAsync());
        var alertmanager = AlertmanagerServer.StartAsync(options.Files.Alertmanager(), Slack);
        var redis = RedisServer.StartNewAsync(options.Redis);
        try
        {
            Redis = Kept(await redis);
        }
        finally
        {
            Alertmanager = Kept(await alertmanager);
        }

        Exporter = Kept(await RedisExporter.StartAsync(Redis.Port, options.ExporterArguments));
        var targets = new Dictionary<string, IReadOnlyList<string>>
        {
            [PipelineTarget] = [.. PipelinePorts.Select(p => string.Create(CultureInfo.InvariantCulture, $"pipeline:{p}"))],
        };
        var hosts = new Dictionary<string, string>
        {
            ["pipeline"] = "host-gateway",
            ["redis-exporter"] = Exporter.Ip,
            ["alertmanager"] = Alertmanager.Ip,
            ["prometheus"] = "127.0.0.1",
        };
        Prometheus = Kept(await PrometheusServer.StartAsync(options.Files.Prometheus(targets), hosts));
    }

    private T Kept<T>(T part) where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }

    private sealed record Targets(IReadOnlyList<PromTarget> All)
    {
        public override string ToString() => All.Count == 0 ? "none" : string.Join("; ", All.Select(t => $"{t.Address} is {t.Health} {t.Error}"));
    }
}
