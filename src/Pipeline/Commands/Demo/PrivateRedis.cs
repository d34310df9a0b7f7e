using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using StackExchange.Redis;

namespace Pipeline.Commands.Demo;

/// <summary>
/// A Redis of the demo's own, with the settings that the pipeline is run with: a child process of <c>redis-server</c>, or else a
/// container.
/// </summary>
internal sealed class PrivateRedis : IAsyncDisposable
{
    private const string Image = "redis:8.0.2";
    private static readonly TimeSpan _startWithin = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly Process? _process;
    private readonly bool _isGuarded;
    private readonly string? _container;
    private bool _keep;

    private PrivateRedis(string folder, int port, Process? process, bool isGuarded, string? container) =>
        (_folder, Port, _process, _isGuarded, _container) = (folder, port, process, isGuarded, container);

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>How it runs, for people.</summary>
    public string Description => _process is not null ? "redis-server, a process of its own" : $"container {_container}";

    /// <exception cref="EnvironmentException">Neither redis-server nor Docker is there, or it does not start.</exception>
    /// <param name="outlives">True when it may be asked to go on without us (<see cref="Keep"/>).</param>
    public static async Task<PrivateRedis> StartAsync(bool outlives, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-demo-").FullName;
        PrivateRedis? redis = null;
        try
        {
            var port = FreePort();
            await File.WriteAllTextAsync(Path.Combine(folder, "redis.conf"), await ReadConfigAsync(), cancellationToken);
            var isGuarded = !outlives && GuardedProcess.IsPossible;
            redis = StartProcess(folder, port, isGuarded) is { } process
                ? new PrivateRedis(folder, port, process, isGuarded, null)
                : new PrivateRedis(folder, port, null, isGuarded: false, await StartContainerAsync(folder, port, cancellationToken));
            await redis.WaitAsync(cancellationToken);
            return redis;
        }
        catch
        {
            if (redis is not null) await redis.DisposeAsync();
            else Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Leaves it running; returns the command that ends it.</summary>
    public string Keep()
    {
        _keep = true;
        return _process is not null ? $"kill {_process.Id}; rm -r {_folder}" : $"docker rm -f {_container}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_keep)
        {
            _process?.Dispose();
            return;
        }

        if (_process is not null)
        {
            if (_isGuarded)
            {
                await GuardedProcess.StopAsync(_process);
            }
            else
            {
                if (!_process.HasExited) _process.Kill();
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
        }

        if (_container is not null) await RemoveContainerAsync(_container);
        Directory.Delete(_folder, recursive: true);
    }

    private static Process? StartProcess(string folder, int port, bool isGuarded)
    {
        var start = new ProcessStartInfo("redis-server")
        {
            ArgumentList =
            {
                Path.Combine(folder, "redis.conf"), "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
                "--dir", folder, "--logfile", Path.Combine(folder, "redis.log"),
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            if (!isGuarded) return Process.Start(start);
            return IsOnPath(start.FileName) ? GuardedProcess.Start(folder, start) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static Task<(int Code, string Error)> RemoveContainerAsync(string name) => RunAsync("docker", ["rm", "-f", name], CancellationToken.None);

    private static async Task<string> StartContainerAsync(string folder, int port, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(folder);
        string[] arguments =
        [
            "run", "--detach", "--name", name, "--publish", $"127.0.0.1:{port}:6379",
            "--volume", $"{Path.Combine(folder, "redis.conf")}:/etc/redis.conf:ro",
            Image, "redis-server", "/etc/redis.conf", "--protected-mode", "no",
        ];
        try
        {
            var (code, error) = await RunAsync("docker", arguments, cancellationToken);
            if (code == 0) return name;
            throw new EnvironmentException(
                $"There is no redis-server on the PATH, and Docker cannot start {Image}: {error.Trim().Split('\n')[0].TrimEnd('.')}. {InstallLines}");
        }
        catch (OperationCanceledException)
        {
            // Docker itself was not told to stop.
            await RemoveContainerAsync(name);
            throw;
        }
        catch (Win32Exception e)
        {
            throw new EnvironmentException($"The demo needs redis-server on the PATH, or Docker; neither is here. {InstallLines}", e);
        }
    }

    private const string InstallLines =
        "Install one: Debian and Ubuntu `sudo apt-get install redis-server`; Fedora `sudo dnf install valkey-compat-redis`; macOS `brew install redis`; " +
        "Windows: Docker Desktop, or WSL with one of the above.";

    private static async Task<(int Code, string Error)> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, error);
    }

    private static async Task<string> ReadConfigAsync()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("redis.conf")!);
        return await reader.ReadToEndAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var deadline = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process is { HasExited: true })
            {
                var log = Path.Combine(_folder, "redis.log");
                var last = File.Exists(log) ? File.ReadLines(log).LastOrDefault() : null;
                throw new EnvironmentException($"redis-server ended at once with code {_process.ExitCode}: {last ?? await _process.StandardOutput.ReadToEndAsync(cancellationToken)}");
            }

            try
            {
                await using var probe = await ConnectionMultiplexer.ConnectAsync($"{Address},connectTimeout=1000");
                await probe.GetDatabase().PingAsync();
                return;
            }
            catch (RedisException) when (Stopwatch.GetElapsedTime(deadline) < _startWithin)
            {
                await Task.Delay(100, cancellationToken);
            }
            catch (RedisException e)
            {
                throw new EnvironmentException($"The demo's Redis ({Description}) does not answer on {Address} within {_startWithin.TotalSeconds:0} s.", e);
            }
        }
    }
}
