namespace Pipeline.Tests.Harness;

/// <summary>The images tests run on. <c>docker/images/pick</c> pins and chooses them, for <c>./test</c> and plain <c>dotnet test</c> alike.</summary>
public static class TestImages
{
    private const string Local = "pipeline-test-tools:";
    private const int NowhereToBeHad = 3;
    private static readonly Lazy<Task<string>> s_redis = new(async () => (await PickAsync("redis", new("redis-server", null), new("redis-server", null))).Image);
    private static readonly Lazy<Task<ToolImage>> s_prometheus =
        new(() => PickAsync("prometheus", new("/bin/prometheus", "/bin/promtool"), new("prometheus", "promtool")));
    private static readonly Lazy<Task<ToolImage>> s_alertmanager =
        new(() => PickAsync("alertmanager", new("/bin/alertmanager", "/bin/amtool"), new("prometheus-alertmanager", "amtool")));
    private static readonly Lazy<Task<ToolImage>> s_redisExporter =
        new(() => PickAsync("redis-exporter", new("/redis_exporter", null), new("prometheus-redis-exporter", null)));

    private static readonly Lazy<Task<ToolImage>> s_grafana = new(() => PickAsync("grafana", new("/run.sh", null, Version: "grafana"), null));

    /// <summary>An image with <c>redis-server</c> and <c>redis-cli</c>, present on this machine. Chosen once per process.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static Task<string> RedisAsync() => s_redis.Value;

    /// <summary>Prometheus and promtool.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static Task<ToolImage> PrometheusAsync() => s_prometheus.Value;

    /// <summary>Alertmanager and amtool.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static Task<ToolImage> AlertmanagerAsync() => s_alertmanager.Value;

    /// <summary>The exporter of Redis' own metrics.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static Task<ToolImage> RedisExporterAsync() => s_redisExporter.Value;

    /// <summary>Grafana.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    /// <exception cref="ImageUnavailableException">No registry has it for us, and no package either.</exception>
    public static Task<ToolImage> GrafanaAsync() => s_grafana.Value;

    private static async Task<ToolImage> PickAsync(string name, Programs official, Programs? local)
    {
        await ContainerEngine.RequireAsync();
        var pick = await Command.RunAsync(Deadlines.Image, Console.WriteLine, "bash", Repository.File("docker", "images", "pick"), name);
        if (local is null && pick.ExitCode == NowhereToBeHad) throw new ImageUnavailableException(pick.Error.Split('\n')[^1]);
        if (!pick.Succeeded)
            throw new InvalidOperationException($"docker/images/pick {name} ended with {pick.ExitCode}: {pick.Error}");

        var image = pick.Output;
        var isLocal = image.StartsWith(Local, StringComparison.Ordinal);
        var programs = isLocal ? local! : official;
        var reaper = await ContainerEngine.SettleReaperAsync(registryAnswers: !isLocal);
        var server = await Command.RunAsync(Deadlines.Container, null, "docker", "run", "--rm", "--entrypoint", programs.Version ?? programs.Server, image, "--version");
        var version = (server.Output.Length > 0 ? server.Output : server.Error).Split('\n')[0];
        Console.WriteLine($"containers: {name} is {image} ({version}), leftovers removed by {(reaper ? "Ryuk" : "the tests")}");
        return new ToolImage(image, programs.Server, programs.Checker);
    }

    private sealed record Programs(string Server, string? Checker, string? Version = null);
}
