using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pipeline.Scheduling.Prefect;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Harness.Prefect;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling.Prefect;

/// <summary>A worker in this process, with a flow and a work pool of its own on some server.</summary>
internal sealed class WorkerRig(string api, TimeSpan every) : IAsyncDisposable
{
    private readonly string _name = Guid.NewGuid().ToString("N")[..12];
    private readonly List<(Task Running, CancellationTokenSource Stop)> _workers = [];

    public ScriptedRun Run { get; } = new();

    public LogLines Log { get; } = new(LogLevel.Information);

    public PrefectProbe Probe { get; } = new(api);

    public PrefectOptions Options => new()
    {
        Api = new Uri(api.TrimEnd('/') + "/"),
        FlowName = $"datawriter-flow-{_name}",
        WorkPool = $"pool-{_name}",
        WorkerName = "tester",
        Every = every,
        Poll = TimeSpan.FromMilliseconds(200),
        Heartbeat = TimeSpan.FromSeconds(2),
        Retry = TimeSpan.FromMilliseconds(500),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The worker that was started last.</summary>
    public Task Working => _workers[^1].Running;

    /// <summary>Starts a worker.</summary>
    public void Start(Func<PrefectOptions, PrefectOptions>? change = null, ScriptedRun? run = null)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var options = (change ?? (o => o))(Options);
        var running = Task.Run(async () =>
        {
            using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Forward(Log)));
            using var worker = new PrefectWorker(options, run ?? Run, TimeProvider.System, loggers);
            await worker.RunAsync(stop.Token);
        });
        _workers.Add((running, stop));
    }

    /// <summary>Ends all workers as a signal does.</summary>
    public async Task StopAsync()
    {
        foreach (var (running, stop) in _workers)
        {
            await stop.CancelAsync();
            await running.WaitAsync(Deadlines.Condition, CancellationToken.None);
            stop.Dispose();
        }

        _workers.Clear();
    }

    /// <summary>Waits for the deployment, and returns its id.</summary>
    public async Task<Guid> DeploymentAsync() => Guid.Parse((string)(await Eventually.GetAsync(
        "the deployment", () => Probe.DeploymentAsync(Options.FlowName, Options.DeploymentName, Token), d => d["id"] is not null, Deadlines.Recovery))["id"]!);

    /// <summary>Starts a worker, has a run made by hand, and waits for its end.</summary>
    public async Task<JsonNode> RunOnceAsync(JsonObject? parameters = null)
    {
        Start();
        var run = await Probe.RunAsync(await DeploymentAsync(), parameters, Token);
        return await EndedAsync(run);
    }

    public Task<JsonNode> EndedAsync(Guid run) => Probe.UntilAsync("the run's end", run, r => IsFinal(r), Deadlines.Recovery, Token);

    public static bool IsFinal(JsonNode run) => (string?)run["state_type"] is "COMPLETED" or "FAILED" or "CANCELLED" or "CRASHED";

    public static Guid Id(JsonNode document) => Guid.Parse((string)document["id"]!);

    public async ValueTask DisposeAsync()
    {
        foreach (var (running, stop) in _workers)
        {
            await stop.CancelAsync();
            await Task.WhenAny(running, Task.Delay(Deadlines.Condition, CancellationToken.None));
            stop.Dispose();
        }

        Probe.Dispose();
        Log.Dispose();
    }

    /// <summary>The rig's log outlives a worker's factory.</summary>
    private sealed class Forward(LogLines lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => lines.CreateLogger(categoryName);

        public void Dispose()
        {
        }
    }
}
