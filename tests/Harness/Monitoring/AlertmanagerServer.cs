namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>A real Alertmanager, which sends to a <see cref="FakeSlack"/>.</summary>
public sealed class AlertmanagerServer : IAsyncDisposable
{
    /// <summary>Where its configuration lies in its container, as in docker/compose.yaml.</summary>
    public const string Folder = "/etc/alertmanager";

    private const int Port = 9093;
    private readonly ServiceContainer _container;

    private AlertmanagerServer(ServiceContainer container) => _container = container;

    public string Ip => _container.Ip;

    public Uri Address => _container.Address;

    /// <param name="files">Its configuration by paths below <see cref="Folder"/>; <c>alertmanager.yml</c> is the one it starts with.</param>
    /// <exception cref="ContainersUnavailableException"/>
    public static async Task<AlertmanagerServer> StartAsync(IReadOnlyDictionary<string, string> files, FakeSlack slack)
    {
        var all = files.ToDictionary(f => $"{Folder}/{f.Key}", f => f.Value);
        foreach (var channel in FakeSlack.Channels) all[$"/run/secrets/slack_{channel.Split('-')[^1]}"] = slack.WebhookForContainers(channel).AbsoluteUri;
        return new AlertmanagerServer(await ServiceContainer.StartAsync(
            "Alertmanager", await TestImages.AlertmanagerAsync(), Port, "/-/ready",
            [$"--config.file={Folder}/alertmanager.yml", "--storage.path=/alertmanager", "--cluster.listen-address=", "--web.external-url=http://localhost:9093"], all));
    }

    public Task<string> LogsAsync() => _container.LogsAsync();

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
