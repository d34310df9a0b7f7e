using System.ComponentModel;
using System.Diagnostics;

namespace Pipeline.Commands.Demo;

/// <summary>
/// Redis in a container. Its first process waits for our end of a pipe to close, which Docker passes on, so that the container ends also
/// when we are killed; its configuration comes through the same pipe, so that nothing of it is on disk.
/// </summary>
internal sealed class RedisContainer : IRedisServer
{
    private const string Image = "redis:8.0.2";
    private const string EndOfConfig = "# end";
    private const string Keep = "keep";

    private const string Script =
        $"""
        exec 3<&0
        while read -r line && [ "$line" != "{EndOfConfig}" ]; do echo "$line"; done > /tmp/redis.conf
        redis-server /tmp/redis.conf --protected-mode no < /dev/null 3<&- >&2 &
        server=$!
        (read -r last <&3; if [ "$last" = {Keep} ]; then echo kept; else kill -9 $server; fi) &
        wait $server
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly string _name;
    private readonly Process _docker;
    private volatile string _lastLine = "";
    private bool _keep;

    private RedisContainer(string name, Process docker)
    {
        (_name, _docker) = (name, docker);
        docker.ErrorDataReceived += (_, line) => _lastLine = string.IsNullOrWhiteSpace(line.Data) ? _lastLine : line.Data.Trim();
        docker.BeginErrorReadLine();
    }

    public string Description => $"container {_name}";

    public bool HasEnded => _docker.HasExited;

    /// <exception cref="EnvironmentException">There is no Docker, or it does not have the image.</exception>
    public static async Task<RedisContainer> StartAsync(string config, int port, CancellationToken cancellationToken)
    {
        try
        {
            if ((await RunAsync(["image", "inspect", Image], show: false, cancellationToken)).Code != 0) await PullAsync(cancellationToken);
            var name = $"pipeline-demo-{Guid.NewGuid().ToString("N")[..8]}";
            var container = new RedisContainer(name, Process.Start(new ProcessStartInfo(
                "docker", ["run", "--rm", "--interactive", "--name", name, "--publish", $"127.0.0.1:{port}:6379", "--entrypoint", "sh", Image, "-c", Script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!);
            await container.TellAsync($"{config}\n{EndOfConfig}");
            return container;
        }
        catch (Win32Exception e)
        {
            throw new EnvironmentException($"The demo needs redis-server on the PATH, or Docker; neither is here. {InstallLines}", e);
        }
    }

    public async Task<string> LastWordsAsync()
    {
        await _docker.WaitForExitAsync();
        return $"code {_docker.ExitCode}: {_lastLine}";
    }

    public async Task<string> KeepAsync()
    {
        await TellAsync(Keep);
        await _docker.StandardOutput.ReadLineAsync();
        _keep = true;
        return $"docker rm -f {_name}";
    }

    public async ValueTask DisposeAsync()
    {
        using (_docker)
        {
            if (!_keep)
            {
                _docker.StandardInput.Close();
                await _docker.WaitForExitAsync().WaitAsync(_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_docker.HasExited) return;
            _docker.Kill();
            await _docker.WaitForExitAsync();
        }

        // Docker may have been told to start it only now.
        if (!_keep) await RunAsync(["rm", "-f", _name], show: false, CancellationToken.None);
    }

    private static async Task PullAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"There is no redis-server on the PATH; fetching the image {Image} for Docker.");
        var (code, error) = await RunAsync(["pull", Image], show: true, cancellationToken);
        if (code == 0) return;
        throw new EnvironmentException($"There is no redis-server on the PATH, and Docker cannot get {Image}: {error.Trim().Split('\n')[0].TrimEnd('.')}. {InstallLines}");
    }

    private static async Task<(int Code, string Error)> RunAsync(string[] arguments, bool show, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = !show, RedirectStandardError = true })!;
        try
        {
            var output = show ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private async Task TellAsync(string text)
    {
        try
        {
            await _docker.StandardInput.WriteAsync($"{text}\n");
            await _docker.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended already, which whoever waits for it finds out.
        }
    }

    private const string InstallLines =
        "Install one: Debian and Ubuntu `sudo apt-get install redis-server`; Fedora `sudo dnf install valkey-compat-redis`; macOS `brew install redis`; " +
        "Windows: Docker Desktop, or WSL with one of the above.";
}
