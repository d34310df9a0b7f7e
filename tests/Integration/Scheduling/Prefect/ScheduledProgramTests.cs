using System.Globalization;
using System.Text.Json.Nodes;
using FluentAssertions;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Harness.Prefect;
using Pipeline.Tests.Integration.EndToEnd;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling.Prefect;

/// <summary>
/// The programs as they are shipped, left alone: <c>ingest</c>, and <c>worker</c> on a Prefect server, through a restart, a kill -9 and a Redis that
/// fails. <c>PREFECT_RUNS</c> and <c>PREFECT_WINDOW</c> (seconds) make it longer: 30 and 10 take about six minutes.
/// </summary>
public sealed class ScheduledProgramTests : IAsyncLifetime
{
    private static readonly int _runs = Number("PREFECT_RUNS", 12);
    private static readonly int _window = Number("PREFECT_WINDOW", 2);

    private readonly List<PipelineProgram> _programs = [];
    private FakePrefect _server = null!;
    private RedisServer _redis = null!;
    private PipelineRig _rig = null!;
    private PrefectProbe _probe = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Seconds => string.Create(CultureInfo.InvariantCulture, $"{_window}s");

    public async ValueTask InitializeAsync()
    {
        _server = await FakePrefect.StartAsync(new FakePrefectOptions { RunsAhead = 10 });
        _redis = await RedisServer.StartNewAsync();
        _rig = await PipelineRig.OpenAsync(_redis.ConnectionString);
        _probe = new PrefectProbe(_server.Api);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) program.Dispose();
        _probe.Dispose();
        await _rig.DisposeAsync();
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Runs_happen_on_time_none_overlaps_none_is_missed_and_every_event_is_written_once()
    {
        const int rate = 300;
        var events = rate * _window * _runs;
        var ingest = Start("ingest", "--source", "mock", "--events", $"{events}", "--rate", $"{rate}");
        var worker = StartWorker();
        await DoneAsync(_runs / 4);

        worker.Terminate();
        (await worker.ExitCodeAsync(Token)).Should().Be(0, await worker.OutputAsync());
        worker = StartWorker();
        await DoneAsync(_runs / 2);

        // A run that waits for Redis is one that can be killed.
        await _redis.KillAsync();
        await Eventually.TrueAsync("a run in the middle", () => AnyAsync(r => (string?)r["state_type"] == "RUNNING"), Deadlines.Recovery);
        worker.Kill();
        await _redis.StartAsync();
        worker = StartWorker();
        await DoneAsync(_runs * 3 / 4);

        await _redis.KillAsync();
        await Eventually.TrueAsync("a run that failed", () => AnyAsync(r => (string?)r["state_name"] == "AwaitingRetry"), Deadlines.Recovery);
        await _redis.StartAsync();
        await DoneAsync(_runs);

        (await ingest.ExitCodeAsync(Token)).Should().Be(0, await ingest.OutputAsync());
        await DoneAsync((await DueAsync()).TakeWhile(WorkerRig.IsFinal).Count() + 1);
        worker.Terminate();
        (await worker.ExitCodeAsync(Token)).Should().Be(0, await worker.OutputAsync());

        await CheckRunsAsync();
        await TheVerbTellsTheSameAsync();
        await _rig.DrainAsync(Token);
        Expect.ExactlyOnce(_rig, Expect.Sent(new MockFirehoseOptions { Events = events }));
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : fallback;

    private async Task CheckRunsAsync()
    {
        var due = await DueAsync();
        var ended = due.TakeWhile(r => WorkerRig.IsFinal(r)).ToList();
        ended.Should().HaveCountGreaterThanOrEqualTo(_runs).And.OnlyContain(r => (string?)r["state_type"] == "COMPLETED", "none is missed");
        var times = ended.Select(Due).ToList();
        times.Zip(times.Skip(1), (a, b) => b - a).Should().OnlyContain(gap => gap == TimeSpan.FromSeconds(_window));

        var spans = ended.SelectMany(r => Spans(WorkerRig.Id(r))).OrderBy(s => s.From).ToList();
        spans.Zip(spans.Skip(1)).Should().OnlyContain(p => p.First.To <= p.Second.From, "none overlaps");
        ended.Should().OnlyContain(r => Spans(WorkerRig.Id(r)).First().From >= Due(r) - TimeSpan.FromSeconds(0.5), "none is early; the server counts whole seconds");
        ended.SelectMany(r => _server.History(WorkerRig.Id(r))).Select(h => h.Name).Should().Contain(["Rescheduled", "AwaitingRetry"], "both faults hit a run");

        // Runs are so short that those which a fault held up keep the next ones waiting: what counts is when a run could begin.
        var late = ended.Zip(ended.Skip(1))
            .Select(p => (Ready: new[] { Spans(WorkerRig.Id(p.First)).Last().To, Due(p.Second) }.Max(), Began: Spans(WorkerRig.Id(p.Second)).First().From))
            .Select(r => r.Began - r.Ready).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{ended.Count} runs; they began after they could: median {late[late.Count / 2]}, most {late[^1]}"));
        late[late.Count / 2].Should().BeLessThan(TimeSpan.FromSeconds(_window) / 4, "only a fault, a restart or a busy machine delays some of them, not most");
    }

    /// <summary><c>pipeline runs</c> has every flow run that is completed, and what happened to the others.</summary>
    private async Task TheVerbTellsTheSameAsync()
    {
        var lines = (await ScheduledProgram.PrintOfAsync(["runs", "--json", "-n", "100000", "--lake", _rig.Lake.Path])).Trim().Split('\n');
        var runs = lines.Select(l => JsonNode.Parse(l)!).ToList();
        var ended = (await DueAsync()).TakeWhile(WorkerRig.IsFinal).Select(r => WorkerRig.Id(r).ToString());

        runs.Should().OnlyContain(r => (string?)r["trigger"] == "prefect" && r["finished"] != null);
        runs.Where(r => (string?)r["outcome"] is "written" or "nothing" or "busy").Select(r => (string?)r["flow_run"]).Should().Contain(ended);
        runs.Select(r => (string?)r["outcome"]).Should().Contain(["written", "failed"], "Redis failed in between");
        runs.SelectMany(r => r["windows"]!.AsArray()).Select(w => (string?)w!["start"]).Should().OnlyHaveUniqueItems("a window is written once").And.HaveCountGreaterThanOrEqualTo(_runs / 2);
    }

    /// <summary>From when to when a run was RUNNING.</summary>
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(Guid run)
    {
        var states = _server.History(run);
        return states.Zip(states.Skip(1)).Where(p => p.First.Type == "RUNNING").Select(p => (p.First.At, p.Second.At));
    }

    /// <summary>Waits until the first runs are completed.</summary>
    private async Task DoneAsync(int count) => await Eventually.GetAsync(
        $"{count} runs completed",
        async () => (await DueAsync()).TakeWhile(WorkerRig.IsFinal).Count(),
        done => done >= count,
        (count * TimeSpan.FromSeconds(_window)) + Deadlines.Recovery + Deadlines.Recovery);

    private async Task<bool> AnyAsync(Func<JsonNode, bool> condition) => (await DueAsync()).Any(condition);

    private async Task<IReadOnlyList<JsonNode>> DueAsync()
    {
        var deployment = WorkerRig.Id(await _probe.DeploymentAsync("datawriter-flow", _window == 1 ? "every-second" : $"every-{_window}-seconds", Token));
        return [.. (await _probe.FlowRunsAsync(deployment, Token)).OrderBy(Due)];
    }

    private static DateTimeOffset Due(JsonNode run) => DateTimeOffset.Parse((string)run["expected_start_time"]!, CultureInfo.InvariantCulture);

    private PipelineProgram StartWorker() => Start(
        "worker", "--prefect-api", _server.Api, "--prefect-poll", "200ms", "--every", Seconds, "--window", Seconds, "--worker-name", "e2e", "--lake", _rig.Lake.Path);

    private PipelineProgram Start(string verb, params string[] arguments)
    {
        var program = PipelineProgram.Start([verb, .. arguments, "--redis", _redis.ConnectionString, "--log", _rig.Log.Name]);
        _programs.Add(program);
        return program;
    }
}
