using System.Globalization;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>redis_exporter, looking at a Redis of this machine.</summary>
public sealed class RedisExporter : IAsyncDisposable
{
    private const int Port = 9121;
    private readonly ServiceContainer _container;

    private RedisExporter(ServiceContainer container) => _container = container;

    public string Ip => _container.Ip;

    /// <param name="redisPort">Where Redis listens on this machine.</param>
    /// <param name="arguments">As in docker/compose.yaml, the address apart.</param>
    /// <exception cref="ContainersUnavailableException"/>
    public static async Task<RedisExporter> StartAsync(int redisPort, params IEnumerable<string> arguments) => new(await ServiceContainer.StartAsync(
        "redis_exporter", await TestImages.RedisExporterAsync(), Port, "/health",
        [string.Create(CultureInfo.InvariantCulture, $"--redis.addr=redis://redis:{redisPort}"), .. arguments],
        hosts: new Dictionary<string, string> { ["redis"] = "host-gateway" }));

    /// <summary>Freezes it: scrapes get no answer.</summary>
    public Task PauseAsync() => _container.PauseAsync();

    public Task UnpauseAsync() => _container.UnpauseAsync();

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
