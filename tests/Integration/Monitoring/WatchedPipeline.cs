using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>
/// The real pipeline, watched by the shipped rules (with shorter times), which report to a Slack of the test's own. One for the tests of a class,
/// which run one after the other; each leaves it healthy.
/// </summary>
public abstract class WatchedPipeline : IAsyncLifetime
{
    // What always fires, and what depends on the time of day.
    private static readonly HashSet<string> _always = ["Watchdog", "DailySummary"];

    private readonly List<PipelineProgram> _programs = [];
    private ContainersUnavailableException? _unavailable;

    public MonitoringStack Stack { get; private set; } = null!;

    protected string Lake { get; } = Directory.CreateTempSubdirectory("watched-").FullName;

    protected virtual MonitoringStackOptions Options => new();

    public async ValueTask InitializeAsync()
    {
        try
        {
            Stack = await MonitoringStack.StartAsync(Options);
            await StartProgramsAsync();
            var seen = Stack.WaitForTargetsAsync("redis", "alertmanager", "pipeline");
            var ended = Task.WhenAny(_programs.Select(p => p.ExitCodeAsync(TestContext.Current.CancellationToken)));
            if (await Task.WhenAny(seen, ended) != seen) throw new InvalidOperationException("A program has ended; its output is on the error stream.");
            await seen;
            await HealthyAsync();
        }
        catch (ContainersUnavailableException e)
        {
            // Kept for the tests: thrown from here it would fail them instead of skipping.
            _unavailable = e;
        }
        catch
        {
            await Console.Error.WriteLineAsync(await StateAsync());
            throw;
        }
    }

    /// <summary>Waits until alerts fire in Prometheus, whether or not Slack hears of it.</summary>
    public Task FiresAsync(params IReadOnlyCollection<string> alerts) => Eventually.GetAsync(
        $"{string.Join(" and ", alerts)} to fire", async () => (await Stack.Prometheus.Query.FiringAsync()).ToHashSet(), firing => firing.IsSupersetOf(alerts), Deadlines.Alert);

    /// <summary>Waits until no alert fires any more.</summary>
    public Task HealthyAsync() => Eventually.GetAsync(
        "every alert to be over", async () => string.Join(", ", (await Stack.Prometheus.Query.FiringAsync()).Except(_always)), firing => firing.Length == 0, Deadlines.Alert);

    /// <summary>Waits until all is well, and begins to listen to Slack.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public async Task<Inbox> ListenAsync()
    {
        if (_unavailable is not null) throw _unavailable;
        await HealthyAsync();
        return new Inbox(Stack.Slack, Stack.Slack.Messages.Count);
    }

    /// <summary>Starts a program on one of the ports that Prometheus looks at.</summary>
    protected PipelineProgram StartProgram(int port, params IEnumerable<string> arguments)
    {
        var program = PipelineProgram.Start([.. arguments, "--redis", $"{Stack.Redis.Host}:{Stack.Redis.Port}", "--listen", $"0.0.0.0:{Stack.PipelinePorts[port]}"]);
        _programs.Add(program);
        return program;
    }

    protected abstract Task StartProgramsAsync();

    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) program.Dispose();
        if (Environment.GetEnvironmentVariable("TESTS_MESSAGES") is { Length: > 0 } file && Stack is not null)
            await File.AppendAllLinesAsync(file, Stack.Slack.Messages.Select(m => m + "\n"));
        if (Stack is not null) await Stack.DisposeAsync();
        await CleanUpAsync();
        Directory.Delete(Lake, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task<string> StateAsync()
    {
        var programs = new List<string>();
        foreach (var program in _programs)
        {
            if (program.IsRunning) program.Kill();
            programs.Add(await program.OutputAsync());
        }

        return string.Join("\n", programs);
    }
}
