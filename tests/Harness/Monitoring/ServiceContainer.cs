using System.Text;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A server in a container that answers HTTP: started, waited for, and removed for good.</summary>
internal sealed class ServiceContainer : IAsyncDisposable
{
    private const string TestProcess = "host.docker.internal";
    private static readonly HttpClient _http = new() { Timeout = Deadlines.Condition };

    private readonly string _name;
    private readonly IContainer _container;
    private readonly int _port;

    private ServiceContainer(string name, IContainer container, int port) => (_name, _container, _port) = (name, container, port);

    /// <summary>What other containers reach this one by.</summary>
    public string Ip => _container.IpAddress;

    /// <summary>What the test process reaches it by.</summary>
    public Uri Address => new UriBuilder(Uri.UriSchemeHttp, _container.Hostname, _container.GetMappedPublicPort(_port)).Uri;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <param name="port">The one it listens on, in the container.</param>
    /// <param name="ready">Path that answers 200 when the server is ready.</param>
    /// <param name="files">Texts by their paths in the container.</param>
    /// <param name="hosts">Names that the container can use, with the address of each; <c>host-gateway</c> is this machine.</param>
    /// <param name="environment">The container's variables.</param>
    public static async Task<ServiceContainer> StartAsync(
        string name, ToolImage image, int port, string ready, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? files = null, IReadOnlyDictionary<string, string>? hosts = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var builder = new ContainerBuilder(image.Image)
            .WithLogger(NullLogger.Instance)
            .WithLabel(ContainerEngine.SessionLabel, ContainerEngine.Session)
            .WithEntrypoint(image.Program)
            .WithCommand([.. arguments])
            .WithPortBinding(port, assignRandomHostPort: true)
            .WithExtraHost(TestProcess, "host-gateway")
            .WithWaitStrategy(Wait.ForUnixContainer());
        foreach (var (host, address) in hosts ?? new Dictionary<string, string>()) builder = builder.WithExtraHost(host, address);
        foreach (var (path, text) in files ?? new Dictionary<string, string>()) builder = builder.WithResourceMapping(Encoding.UTF8.GetBytes(text), path);
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>()) builder = builder.WithEnvironment(variable, value);
        var service = new ServiceContainer(name, builder.Build(), port);
        try
        {
            await service._container.StartAsync(Stopping);
            await service.WaitUntilReadyAsync(ready);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Freezes the server: it neither answers nor ends.</summary>
    public Task PauseAsync() => ContainerEngine.Client.Containers.PauseContainerAsync(_container.Id, Stopping);

    public Task UnpauseAsync() => ContainerEngine.Client.Containers.UnpauseContainerAsync(_container.Id, Stopping);

    public async Task<string> LogsAsync()
    {
        var (output, error) = await _container.GetLogsAsync(ct: CancellationToken.None);
        return output + error;
    }

    public async ValueTask DisposeAsync()
    {
        // Removed by force: without its reaper Testcontainers only stops what it made.
        if (!string.IsNullOrEmpty(_container.Id))
            await ContainerEngine.Client.Containers.RemoveContainerAsync(_container.Id, new() { Force = true, RemoveVolumes = true });
    }

    private async Task WaitUntilReadyAsync(string ready)
    {
        try
        {
            await Eventually.TrueAsync($"{_name} to be ready", async () =>
            {
                if (_container.State is TestcontainersStates.Exited or TestcontainersStates.Dead) throw new InvalidOperationException($"{_name} has ended");
                return (await _http.GetAsync(new Uri(Address, ready), Stopping)).IsSuccessStatusCode;
            }, Deadlines.Container);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_name} did not start. It printed:\n{await LogsAsync()}", e);
        }
    }
}
