namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A real Prometheus.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    /// <summary>Where its configuration lies in its container, as in docker/compose.yaml.</summary>
    public const string Folder = "/etc/prometheus";

    private const int Port = 9090;
    private readonly ServiceContainer _container;

    private PrometheusServer(ServiceContainer container) => (_container, Query) = (container, new PromQl(container.Address));

    public string Ip => _container.Ip;

    public Uri Address => _container.Address;

    /// <summary>Its query interface.</summary>
    public PromQl Query { get; }

    /// <param name="files">Its configuration by paths below <see cref="Folder"/>; <c>prometheus.yml</c> is the one it starts with.</param>
    /// <param name="hosts">Addresses of the targets' names.</param>
    /// <exception cref="ContainersUnavailableException"/>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyDictionary<string, string> files, IReadOnlyDictionary<string, string> hosts) =>
        new(await ServiceContainer.StartAsync(
            "Prometheus", await TestImages.PrometheusAsync(), Port, "/-/ready",
            [$"--config.file={Folder}/prometheus.yml", "--storage.tsdb.path=/prometheus", "--web.external-url=http://localhost:9090"],
            files.ToDictionary(f => $"{Folder}/{f.Key}", f => f.Value), hosts));

    public Task<string> LogsAsync() => _container.LogsAsync();

    public async ValueTask DisposeAsync()
    {
        Query.Dispose();
        await _container.DisposeAsync();
    }
}
