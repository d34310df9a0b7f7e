using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Commands.Demo;

/// <summary>A child process of <c>redis-server</c>, with a temporary folder.</summary>
internal sealed class RedisProcess : IRedisServer
{
    private const string Program = "redis-server";

    private readonly string _folder;
    private readonly Process _process;
    private readonly bool _isGuarded;
    private bool _keep;

    private RedisProcess(string folder, Process process, bool isGuarded) => (_folder, _process, _isGuarded) = (folder, process, isGuarded);

    public string Description => "redis-server, a process of its own";

    public bool HasEnded => _process.HasExited;

    private string Log => Path.Combine(_folder, "redis.log");

    /// <summary>Starts it; null where there is no redis-server.</summary>
    /// <param name="outlives">True when it may be asked to go on without us.</param>
    public static RedisProcess? Start(string config, int port, bool outlives)
    {
        if (!IsOnPath) return null;
        var folder = TemporaryFolder();
        try
        {
            var file = Path.Combine(folder, "redis.conf");
            File.WriteAllText(file, config);
            var start = new ProcessStartInfo(Program)
            {
                ArgumentList =
                {
                    file, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--logfile", Path.Combine(folder, "redis.log"),
                },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            var isGuarded = !outlives && GuardedProcess.IsPossible;
            return new RedisProcess(folder, isGuarded ? GuardedProcess.Start(folder, start) : Process.Start(start)!, isGuarded);
        }
        catch (Exception e)
        {
            Directory.Delete(folder, recursive: true);
            if (e is Win32Exception) throw new EnvironmentException($"{Program} is on the PATH, but cannot be started: {e.Message}.", e);
            throw;
        }
    }

    public async Task<string> LastWordsAsync()
    {
        var last = File.Exists(Log) ? File.ReadLines(Log).LastOrDefault() : null;
        return $"code {_process.ExitCode}: {last ?? await _process.StandardOutput.ReadToEndAsync()}";
    }

    public Task<string> KeepAsync()
    {
        _keep = true;
        return Task.FromResult($"kill {_process.Id}; rm -r {_folder}");
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            if (_keep) return;
            if (_isGuarded)
            {
                await GuardedProcess.StopAsync(_process);
            }
            else
            {
                if (!_process.HasExited) _process.Kill();
                await _process.WaitForExitAsync();
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string TemporaryFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("pipeline-demo-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException($"Cannot make a temporary folder in '{Path.GetTempPath()}': {Sentence.Of(e)} Choose another place for such (TMPDIR).", e);
        }
    }

    private static bool IsOnPath => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{Program}.exe" : Program)));
}
