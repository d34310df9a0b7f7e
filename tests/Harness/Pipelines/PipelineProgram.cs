using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>The program itself, as a process of its own.</summary>
public sealed partial class PipelineProgram : IDisposable
{
    // Its own output folder, as built beside the tests: that is how it is shipped.
    private static readonly string _configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    // A test run in the background of a script inherits Ctrl-C as ignored, hands that on, and the program rightly leaves it so.
    private static readonly string[] _launch = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PipelineProgram(Process process)
    {
        _process = process;
        _output = ReadOutputAsync(process.StandardOutput);
        _error = ReadErrorAsync(process.StandardError);
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>True when it ended by <see cref="Kill"/>.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Starts a verb that serves metrics, on a port of its own (<see cref="AddressAsync"/>).</summary>
    public static PipelineProgram StartServing(params string[] arguments) => Start([.. arguments, "--listen", "127.0.0.1:0"]);

    /// <summary>Starts it with its standard output in a file.</summary>
    public static PipelineProgram StartPrintingTo(string file, params string[] arguments) =>
        Start(["sh", "-c", "file=$1; shift; exec \"$@\" > \"$file\"", "sh", file, .. Command(arguments)], null, null);

    public static PipelineProgram Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null) =>
        Start(Command(arguments), environment, folder);

    private static string[] Command(IEnumerable<string> arguments) =>
        [.. _launch, Path.Combine(Repository.Root, "src", "Pipeline", "bin", _configuration, "net10.0", "pipeline.dll"), .. arguments];

    private static PipelineProgram Start(string[] command, IReadOnlyDictionary<string, string>? environment, string? folder)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        // Programs of several tests run at once, and the default port is one.
        start.Environment["PIPELINE_LISTEN"] = "none";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new PipelineProgram(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        WasKilled = true;
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM: asks for a clean end, and does not wait for it.</summary>
    public void Terminate() => Send("TERM");

    /// <summary>SIGSTOP: stands still as on a machine that sleeps, until <see cref="Resume"/>.</summary>
    public void Suspend() => Send("STOP");

    public void Resume() => Send("CONT");

    /// <summary>Sends any signal, by the name that <c>kill</c> knows it by.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Resident memory in bytes; 0 once the process is gone.</summary>
    public long ResidentBytes
    {
        get
        {
            if (_process.HasExited) return 0;
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public async Task<bool> ExitsWithinAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public async Task<int> ExitCodeAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Where the program serves its metrics, as its log says.</summary>
    /// <exception cref="InvalidOperationException">It ended without serving any.</exception>
    public Task<Uri> AddressAsync() => _address.Task;

    /// <summary>The whole lines that it has printed so far.</summary>
    public string PrintedSoFar
    {
        get
        {
            lock (_printed) return _printed.ToString();
        }
    }

    /// <summary>What the program printed on its error stream; it must have ended.</summary>
    public Task<string> ErrorAsync() => _error;

    public async Task<string> OutputAsync() => await _output + await _error;

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private async Task<string> ReadOutputAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (_printed) _printed.Append(line).Append('\n');
        }

        return PrintedSoFar;
    }

    private async Task<string> ReadErrorAsync(StreamReader stream)
    {
        var text = new StringBuilder();
        while (await stream.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (Served().Match(line) is { Success: true } served) _address.TrySetResult(new Uri(served.Groups[1].Value));
        }

        _address.TrySetException(new InvalidOperationException($"The program ended without serving metrics: {text}"));
        return text.ToString();
    }

    [GeneratedRegex("Metrics at (http://[^ ]+/)metrics")]
    private static partial Regex Served();
}
