using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Volumes;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Testcontainers.Redis;
using Xunit;

namespace Pipeline.Tests.Harness;

/// <summary>
/// A real Redis with docker/redis/redis.conf, for tests that break it. Address and data outlive kill, stop and restart; disposing removes both.
/// Every fault is checked to have happened before its method returns. Calls stop with the running test's cancellation token.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string ConfigurationPath = "/usr/local/etc/redis/redis.conf";
    private readonly RedisContainer _container;
    private readonly IVolume _volume;
    private readonly RedisServerOptions _options;
    private string? _keeper;

    private RedisServer(RedisContainer container, IVolume volume, RedisServerOptions options, int port)
    {
        (_container, _volume, _options, Port) = (container, volume, options, port);
    }

    /// <summary>The port on <see cref="Host"/>, the same for the server's whole life.</summary>
    public int Port { get; }

    public string Host => _container.Hostname;

    public string ContainerId => _container.Id;

    /// <summary>In StackExchange.Redis form, with the login of <see cref="RedisServerOptions.AclUser"/> or the password when there is one.</summary>
    public string ConnectionString => Settings().ToString(includePassword: true);

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>Creates a server, starts it and waits until it answers.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static async Task<RedisServer> StartNewAsync(RedisServerOptions? options = null)
    {
        var image = await TestImages.RedisAsync();
        for (var attempt = 1; ; attempt++)
        {
            var server = await CreateAsync(image, options ?? new(), Ports.Free());
            try
            {
                if (server._options.DiskMegabytes is not null)
                    await server.KeepDiskAsync(image);
                await server._container.StartAsync(Stopping);
                await server.WaitUntilReadyAsync();
                return server;
            }
            catch (DockerApiException exception) when (attempt < 3 && exception.Message.Contains("port", StringComparison.OrdinalIgnoreCase))
            {
                // Somebody took the port between our look and the engine's.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts the server after <see cref="KillAsync"/> or <see cref="StopAsync"/>, on the same address with the same data.</summary>
    public async Task StartAsync()
    {
        await ContainerEngine.Client.Containers.StartContainerAsync(ContainerId, new(), Stopping);
        await UntilAsync("running", state => state.Running);
        await WaitUntilReadyAsync();
    }

    /// <summary>Starts a server that refuses its own data, waits until it has given up, and returns what it printed.</summary>
    public async Task<string> StartRefusedAsync()
    {
        await ContainerEngine.Client.Containers.StartContainerAsync(ContainerId, new(), Stopping);
        await UntilAsync("stopped with exit code 1", state => state is { Running: false, ExitCode: 1 });
        return await LogsAsync();
    }

    /// <summary>Runs a shell script beside the server, which may be down, on its data in <c>/data</c>; returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">The script failed.</exception>
    public async Task<string> ShellAsync(string script)
    {
        var result = await Command.RunAsync(
            Deadlines.Container, null, "docker", "run", "--rm", "--network", "none", "--label", $"{ContainerEngine.SessionLabel}={ContainerEngine.Session}",
            "--volumes-from", ContainerId, await TestImages.RedisAsync(), "sh", "-euc", script);
        return result.Succeeded
            ? result.Output
            : throw new InvalidOperationException($"'{script}' ended with {result.ExitCode} in the data of Redis: {result.Output} {result.Error}");
    }

    /// <summary>Ends the server cleanly (SIGTERM).</summary>
    public async Task StopAsync()
    {
        await ContainerEngine.Client.Containers.StopContainerAsync(ContainerId, new() { WaitBeforeKillSeconds = 30 }, Stopping);
        await UntilAsync("stopped with exit code 0", state => state is { Running: false, ExitCode: 0 });
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Ends the server as a crash would: SIGKILL, nothing flushed, connections cut.</summary>
    public async Task KillAsync()
    {
        // Through the engine: inside the container the server is PID 1, which ignores a SIGKILL from its own namespace.
        await ContainerEngine.Client.Containers.KillContainerAsync(ContainerId, new() { Signal = "SIGKILL" }, Stopping);
        await UntilAsync("killed with exit code 137", state => state is { Running: false, ExitCode: 137 });
    }

    /// <summary>Freezes the server: connections stay open and nothing answers.</summary>
    public async Task PauseAsync()
    {
        await ContainerEngine.Client.Containers.PauseContainerAsync(ContainerId, Stopping);
        await UntilAsync("paused", state => state.Paused);
    }

    public async Task UnpauseAsync()
    {
        await ContainerEngine.Client.Containers.UnpauseContainerAsync(ContainerId, Stopping);
        await UntilAsync("running again", state => state is { Paused: false, Running: true });
    }

    /// <summary>Waits until the server has loaded its data and answers PING.</summary>
    public Task WaitUntilReadyAsync() => Eventually.TrueAsync(
        $"Redis on {Host}:{Port} to answer PING",
        async () =>
        {
            await using var connection = await ConnectAsync(settings => settings.ConnectTimeout = 1000);
            return await connection.GetDatabase().PingAsync() >= TimeSpan.Zero;
        },
        Deadlines.Container);

    /// <summary>A connection of the caller's own, to dispose.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(Action<ConfigurationOptions>? configure = null)
    {
        var settings = Settings();
        settings.AllowAdmin = true;
        configure?.Invoke(settings);
        return await ConnectionMultiplexer.ConnectAsync(settings);
    }

    /// <summary>Runs a command beside the server, in its container; the result is what it printed and its exit code.</summary>
    public async Task<(string Output, long? ExitCode)> RunAsync(params string[] command)
    {
        var result = await _container.ExecAsync(command, Stopping);
        return (result.Stdout + result.Stderr, result.ExitCode);
    }

    /// <summary>What the server has printed, for the message of a failed test.</summary>
    public async Task<string> LogsAsync() => (await _container.GetLogsAsync(ct: Stopping)).Stdout;

    public async ValueTask DisposeAsync()
    {
        // Removed by force: a paused server cannot be stopped, and without its reaper Testcontainers only stops what it made.
        if (_keeper is not null)
            await ContainerEngine.Client.Containers.RemoveContainerAsync(_keeper, new() { Force = true });
        if (!string.IsNullOrEmpty(_container.Id))
            await ContainerEngine.Client.Containers.RemoveContainerAsync(ContainerId, new() { Force = true, RemoveVolumes = true });
        await ContainerEngine.Client.Volumes.RemoveAsync(_volume.Name, force: true);
    }

    private static async Task<RedisServer> CreateAsync(string image, RedisServerOptions options, int port)
    {
        var volume = new VolumeBuilder()
            .WithLogger(NullLogger.Instance)
            .WithName($"pipeline-redis-{Guid.NewGuid():N}")
            .WithLabel(ContainerEngine.SessionLabel, ContainerEngine.Session)
            .WithCreateParameterModifier(parameters =>
            {
                if (options.DiskMegabytes is not { } size)
                    return;
                parameters.DriverOpts = new Dictionary<string, string> { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = $"size={size}m" };
            })
            .Build();
        await volume.CreateAsync(Stopping);
        var builder = new RedisBuilder(image)
            .WithLogger(NullLogger.Instance)
            .WithLabel(ContainerEngine.SessionLabel, ContainerEngine.Session)
            .WithPortBinding(port, RedisBuilder.RedisPort)
            .WithVolumeMount(volume, "/data")
            .WithResourceMapping(await File.ReadAllBytesAsync(Repository.File("docker", "redis", "redis.conf"), Stopping), ConfigurationPath)
            .WithCommand(["redis-server", ConfigurationPath, "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/data", .. options.ToArguments()])
            // Its own would ask without TLS; WaitUntilReadyAsync asks as a client does.
            .WithWaitStrategy(Wait.ForUnixContainer());
        foreach (var (path, content) in options.Files ?? new Dictionary<string, byte[]>()) builder = builder.WithResourceMapping(content, path);
        return new(builder.Build(), volume, options, port);
    }

    // A memory disk is gone when no container has it mounted: this one does, while the server is down.
    private async Task KeepDiskAsync(string image)
    {
        var keeper = await Command.RunAsync(
            Deadlines.Container, null, "docker", "run", "--detach", "--init", "--network", "none", "--label", $"{ContainerEngine.SessionLabel}={ContainerEngine.Session}",
            "--volume", $"{_volume.Name}:/data", image, "sleep", "infinity");
        _keeper = keeper.Succeeded ? keeper.Output : throw new InvalidOperationException($"Cannot keep the disk of Redis mounted: {keeper.Error}");
    }

    private ConfigurationOptions Settings()
    {
        var settings = new ConfigurationOptions
        {
            EndPoints = { { Host, Port } },
            User = _options.AclUser?.Name,
            Password = _options.AclUser?.Password ?? _options.Password,
        };
        _options.Client?.Invoke(settings);
        return settings;
    }

    private Task<State> UntilAsync(string what, Func<State, bool> until) => Eventually.GetAsync(
        $"Redis container {ContainerId[..12]} to be {what}",
        async () => (await ContainerEngine.Client.Containers.InspectContainerAsync(ContainerId, Stopping)).State!,
        until,
        Deadlines.Container);
}
