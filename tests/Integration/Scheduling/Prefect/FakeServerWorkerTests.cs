using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Scheduling.Prefect;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Prefect;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling.Prefect;

/// <summary>The contract on the fake server, and what only a fake does when told.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "Disposed in DisposeAsync.")]
public sealed class FakeServerWorkerTests : WorkerContract
{
    private static readonly TimeSpan _seldom = TimeSpan.FromHours(12);

    private FakePrefect? _server;

    private FakePrefect Server => _server!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task Requests_and_answers_keep_to_the_schema_that_Prefect_publishes()
    {
        var schema = OpenApi.Read();
        var rig = await RigAsync(TimeSpan.FromSeconds(1));
        rig.Run.Does = (request, _) => Task.FromResult(request.Attempt == 1 ? ScriptedRun.Failed("Redis is away.") : ScriptedRun.Written(request));
        rig.Start(o => o with { Lease = TimeSpan.FromSeconds(0.3) });
        await Eventually.TrueAsync("a run and its retry", () => rig.Run.Requests.Any(r => r.Attempt > 1), Deadlines.Recovery);
        rig.Run.Does = async (request, token) => await ScriptedRun.UntilStoppedAsync(request, token);
        await Eventually.TrueAsync("a lease renewed", () => Server.Exchanges.Any(e => e.Path.EndsWith("/renew", StringComparison.Ordinal)), Deadlines.Recovery);
        await rig.StopAsync();

        var exchanges = Server.Exchanges;

        exchanges.SelectMany(schema.Check).Distinct().Should().BeEmpty();
        exchanges.Select(e => e.Path.Split('/')[1]).Distinct().Should().Contain(["flows", "work_pools", "deployments", "flow_runs", "task_runs", "logs", "artifacts", "v2"]);
        exchanges.Should().OnlyContain(e => e.Status < 300 || e.Status == 404);
    }

    [Fact]
    public async Task A_server_that_goes_away_during_a_run_hears_of_its_end_when_it_is_back()
    {
        var rig = await RigAsync(_seldom);
        var go = new TaskCompletionSource();
        rig.Run.Does = async (request, _) =>
        {
            await go.Task;
            return ScriptedRun.Written(request);
        };
        rig.Start();
        var id = await rig.Probe.RunAsync(await rig.DeploymentAsync(), null, Token);
        await Eventually.TrueAsync("the run", () => rig.Run.Requests.Count == 1, Deadlines.Recovery);
        await Server.StopAsync();
        go.SetResult();
        await Eventually.TrueAsync("the worker to notice", () => rig.Log.Count("is away") > 0, Deadlines.Recovery);
        await Server.StartAsync();

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
        (await rig.Probe.TaskRunsAsync(id, Token)).Should().HaveCount(2).And.OnlyContain(t => (string?)t["state_type"] == "COMPLETED");
        await Eventually.TrueAsync("the worker to say so", () => rig.Log.Count("answers again") > 0, Deadlines.Recovery);
        rig.Run.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task Runs_that_were_due_while_the_server_was_away_are_run_once_each_when_it_is_back()
    {
        var rig = await RigAsync(TimeSpan.FromSeconds(1));
        rig.Start();
        await Eventually.TrueAsync("a run", () => rig.Run.Requests.Count >= 1, Deadlines.Recovery);
        await Server.StopAsync();
        await Eventually.TrueAsync("the worker to notice", () => rig.Log.Count("is away") > 0, Deadlines.Recovery);
        await Task.Delay(Deadlines.Quiet, Token);
        await Server.StartAsync();
        var before = rig.Run.Requests.Count;
        await Eventually.TrueAsync("the runs that are late", () => rig.Run.Requests.Count >= before + 2, Deadlines.Recovery);
        await rig.StopAsync();

        rig.Run.Requests.Select(r => r.RunId).Should().OnlyHaveUniqueItems();
        rig.Run.Requests.Select(r => r.Scheduled).Should().BeInAscendingOrder();
    }

    [Theory]
    [InlineData("\"type\":\"PENDING\"")]
    [InlineData("\"type\":\"RUNNING\"")]
    [InlineData("\"type\":\"COMPLETED\"")]
    public async Task An_answer_that_was_lost_is_not_taken_for_a_refusal(string state)
    {
        var rig = await RigAsync(_seldom);
        var fault = Server.Inject(new PrefectFault(PrefectFaultKind.LoseAnswer, "/flow_runs/", state));

        var run = await rig.RunOnceAsync();

        fault.Fired.Should().Be(1);
        ((string?)run["state_type"], (int)run["run_count"]!).Should().Be(("COMPLETED", 1));
        States(WorkerRig.Id(run)).Should().Equal("SCHEDULED", "PENDING", "RUNNING", "COMPLETED");
        rig.Run.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_retry_whose_answer_was_lost_is_made()
    {
        var rig = await RigAsync(_seldom);
        var fault = Server.Inject(new PrefectFault(PrefectFaultKind.LoseAnswer, "/flow_runs/", "\"type\":\"FAILED\""));
        rig.Run.Does = (request, _) => Task.FromResult(request.Attempt == 1 ? ScriptedRun.Failed("Redis is away.") : ScriptedRun.Written(request));

        var run = await rig.RunOnceAsync(Parameters(retries: 1));

        fault.Fired.Should().Be(1);
        ((string?)run["state_type"], (int)run["run_count"]!).Should().Be(("COMPLETED", 2));
    }

    [Theory]
    [InlineData(PrefectFaultKind.Unwell)]
    [InlineData(PrefectFaultKind.Unreachable)]
    [InlineData(PrefectFaultKind.LoseAnswer)]
    public async Task Whatever_fails_for_a_while_the_run_is_made_once_and_shown_whole(PrefectFaultKind kind)
    {
        var rig = await RigAsync(_seldom);
        string[] paths = ["/version", "/flows/", "/work_pools/", "/deployments/", "/heartbeat", "/set_state", "/task_runs/", "/logs/", "/artifacts/"];
        var faults = paths.Select(p => Server.Inject(new PrefectFault(kind, p, times: 2))).ToArray();
        rig.Start();
        Guid? deployment = null;
        await Eventually.TrueAsync(
            "the deployment",
            async () =>
            {
                deployment = WorkerRig.Id(await rig.Probe.DeploymentAsync(rig.Options.FlowName, rig.Options.DeploymentName, Token));
                return true;
            },
            Deadlines.Recovery);
        var id = await Eventually.GetAsync("a run made", async () => (Guid?)await rig.Probe.RunAsync(deployment!.Value, null, Token), _ => true, Deadlines.Recovery);
        await Eventually.TrueAsync("the run's end", async () => WorkerRig.IsFinal(await rig.Probe.FlowRunAsync(id!.Value, Token)), Deadlines.Recovery);

        faults.Should().OnlyContain(f => f.Fired > 0);
        States(id!.Value).Should().Equal("SCHEDULED", "PENDING", "RUNNING", "COMPLETED");
        (await rig.Probe.TaskRunsAsync(id.Value, Token)).Should().HaveCount(2).And.OnlyContain(t => (string?)t["state_type"] == "COMPLETED");
        rig.Run.Requests.Select(r => r.RunId).Should().ContainSingle(r => r == id.ToString());
    }

    [Fact]
    public async Task A_server_that_has_too_much_to_do_is_left_alone_as_long_as_it_asks()
    {
        var rig = await RigAsync(_seldom);
        var fault = Server.Inject(new PrefectFault(PrefectFaultKind.Busy, "/flow_runs/", "\"type\":\"PENDING\""));

        var run = await rig.RunOnceAsync();

        fault.Fired.Should().Be(1);
        ((string?)run["state_type"]).Should().Be("COMPLETED");
        Server.History(WorkerRig.Id(run)).First(h => h.Type == "PENDING").At.Should().BeOnOrAfter(fault.FiredAt + TimeSpan.FromSeconds(1.9), "it asked for 2 s, and timers are a little early");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_server_that_refuses_the_worker_in_the_middle_ends_it_and_the_next_one_runs_what_it_left(int status)
    {
        var rig = await RigAsync(_seldom);
        rig.Start();
        var deployment = await rig.DeploymentAsync();
        var fault = Server.Inject(new PrefectFault(PrefectFaultKind.Refuse, "/flow_runs/", "\"type\":\"RUNNING\"") { Status = status });
        var id = await rig.Probe.RunAsync(deployment, null, Token);
        var refused = async () => await rig.Working;
        (await refused.Should().ThrowAsync<PrefectException>()).Which.IsRefusal.Should().BeTrue();
        fault.Fired.Should().Be(1);
        rig.Run.Requests.Should().BeEmpty();

        await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "PENDING", ["message"] = new RunOwner("tester", Environment.MachineName, 99_999_999, "0123456789ab").ToString() }, Token, force: true);
        rig.Start();

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
    }

    [Fact]
    public async Task Log_lines_and_a_summary_that_the_server_does_not_take_cost_nothing_but_themselves()
    {
        var rig = await RigAsync(_seldom);
        PrefectFault[] faults =
        [
            Server.Inject(new PrefectFault(PrefectFaultKind.Refuse, "/logs/") { Status = 422 }),
            Server.Inject(new PrefectFault(PrefectFaultKind.Refuse, "/artifacts/") { Status = 413 }),
            Server.Inject(new PrefectFault(PrefectFaultKind.Refuse, "/task_runs/") { Status = 409 }),
        ];

        var run = await rig.RunOnceAsync();

        faults.Should().OnlyContain(f => f.Fired == 1);
        ((string?)run["state_type"]).Should().Be("COMPLETED");
        rig.Log.Count("could not be shown as a task run").Should().Be(1);
        rig.Log.Count("was not stored").Should().Be(1);
    }

    [Fact]
    public async Task A_run_does_not_begin_before_its_time_by_the_servers_clock()
    {
        _server = await FakePrefect.StartAsync(new FakePrefectOptions { ClockAhead = TimeSpan.FromSeconds(-3) });
        var rig = await RigAsync(TimeSpan.FromSeconds(5));
        rig.Start();
        // The first run may be due when the worker comes, and is not asked for too early; the next is.
        await Eventually.TrueAsync("an answer that it is too early", () => Server.Exchanges.Any(e => e.Answer is JsonObject && (string?)e.Answer["status"] == "WAIT"), Deadlines.Recovery);
        await Eventually.TrueAsync("the run after it", () => rig.Run.Requests.Count >= 2, Deadlines.Recovery);

        rig.Run.Requests.Should().AllSatisfy(run => Server.History(Guid.Parse(run.RunId)).First(h => h.Type == "RUNNING").At
            .Should().BeOnOrAfter(run.Scheduled - TimeSpan.FromSeconds(0.5), "the server counts whole seconds"));
    }

    [Fact]
    public async Task Credentials_are_sent_and_without_them_the_worker_ends()
    {
        const string secret = "admin:sesame";
        _server = await FakePrefect.StartAsync(new FakePrefectOptions { Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}" });
        var rig = await RigAsync(_seldom);
        rig.Start();
        var refused = async () => await rig.Working;
        (await refused.Should().ThrowAsync<PrefectException>()).Which.IsRefusal.Should().BeTrue();

        rig.Start(o => o with { Credentials = PrefectCredentials.Basic(secret) });
        await Eventually.TrueAsync("the deployment", () => Server.Exchanges.Any(e => e.Path == "/deployments/"), Deadlines.Recovery);
        rig.Log.Count("sesame").Should().Be(0);
    }

    [Fact]
    public async Task A_server_that_does_not_tell_its_version_is_served_all_the_same()
    {
        var rig = await RigAsync(_seldom);
        var fault = Server.Inject(new PrefectFault(PrefectFaultKind.Refuse, "/admin/version", times: int.MaxValue) { Status = 404 });

        var run = await rig.RunOnceAsync();

        fault.Fired.Should().Be(1);
        ((string?)run["state_type"]).Should().Be("COMPLETED");
        rig.Log.Count("of unknown version").Should().Be(1);
    }

    [Fact]
    public async Task A_heartbeat_that_is_refused_is_not_the_last()
    {
        var rig = await RigAsync(_seldom);
        rig.Start(o => o with { Heartbeat = TimeSpan.FromMilliseconds(300) });
        await Eventually.TrueAsync("a heartbeat", () => Heartbeats() > 0, Deadlines.Recovery);
        var fault = Server.Inject(new PrefectFault(PrefectFaultKind.Refuse, "/heartbeat") { Status = 422 });
        await Eventually.TrueAsync("one to be refused", () => fault.Fired == 1, Deadlines.Recovery);
        var before = Heartbeats();

        await Eventually.TrueAsync("more of them", () => Heartbeats() > before + 1, Deadlines.Recovery);

        rig.Log.Count("No heartbeat").Should().Be(1);
        rig.Working.IsCompleted.Should().BeFalse();

        int Heartbeats() => Server.Exchanges.Count(e => e.Path.EndsWith("/heartbeat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_with_a_new_database_is_set_up_again()
    {
        var rig = await RigAsync(TimeSpan.FromSeconds(1));
        rig.Start();
        await Eventually.TrueAsync("a run", () => rig.Run.Requests.Count >= 1, Deadlines.Recovery);

        Server.Forget();

        var before = rig.Run.Requests.Count;
        await Eventually.TrueAsync("runs of the new deployment", () => rig.Run.Requests.Count >= before + 2, Deadlines.Recovery);
    }

    [Fact]
    public async Task The_lease_of_a_runs_slot_is_renewed_as_long_as_it_lasts_and_given_back()
    {
        _server = await FakePrefect.StartAsync(new FakePrefectOptions { FirstLease = TimeSpan.FromSeconds(2) });
        var rig = await RigAsync(_seldom);
        var go = new TaskCompletionSource();
        rig.Run.Does = async (request, _) =>
        {
            await go.Task;
            return ScriptedRun.Written(request);
        };
        rig.Start(o => o with { Lease = TimeSpan.FromSeconds(1) });
        var id = await rig.Probe.RunAsync(await rig.DeploymentAsync(), null, Token);
        await Eventually.TrueAsync("a renewal", () => Server.Leases() is [var until] && until > TimeProvider.System.GetUtcNow().AddSeconds(30), Deadlines.Recovery);

        // Ran out all the same: the run goes on, and ends as it should.
        Server.ExpireLeases();
        await Eventually.TrueAsync("the slot to be free", () => Server.Leases().Count == 0, Deadlines.Recovery);
        go.SetResult();

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
        Server.Leases().Should().BeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_paused_stops_and_goes_on_when_it_is_resumed()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = (request, token) => rig.Run.Requests.Count == 1 ? ScriptedRun.UntilStoppedAsync(request, token) : Task.FromResult(ScriptedRun.Written(request));
        rig.Start();
        var id = await rig.Probe.RunAsync(await rig.DeploymentAsync(), null, Token);
        await rig.Probe.UntilAsync("the run", id, r => (string?)r["state_type"] == "RUNNING", Deadlines.Recovery, Token);
        await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "PAUSED" }, Token);
        await Eventually.TrueAsync("the worker to pause", () => rig.Log.Count("is paused") == 1, Deadlines.Recovery);

        await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "RUNNING" }, Token);

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
        rig.Run.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_run_that_breaks_the_program_is_crashed_and_the_worker_ends()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = (_, _) => throw new InvalidOperationException("A bug.");
        rig.Start();
        var id = await rig.Probe.RunAsync(await rig.DeploymentAsync(), null, Token);

        var broken = async () => await rig.Working;

        await broken.Should().ThrowAsync<InvalidOperationException>();
        var run = await rig.Probe.FlowRunAsync(id, Token);
        ((string?)run["state_type"], (string?)run["state"]!["message"]).Should().Be(("CRASHED", "A bug."));
    }

    [Theory]
    [InlineData(RunOutcome.Busy, "COMPLETED", "Skipped")]
    [InlineData(RunOutcome.Nothing, "COMPLETED", "Completed")]
    [InlineData(RunOutcome.TimedOut, "FAILED", "TimedOut")]
    public async Task How_a_run_ended_is_told_by_its_state(RunOutcome outcome, string type, string name)
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = (_, _) => Task.FromResult(new RunReport(outcome, [], TimeSpan.FromSeconds(1), outcome == RunOutcome.Nothing ? null : "Why.", true));

        var run = await rig.RunOnceAsync(Parameters(retries: 0));

        ((string?)run["state_type"], (string?)run["state_name"]).Should().Be((type, name));
    }

    [Fact]
    public async Task A_deployment_that_is_paused_makes_no_runs_until_it_is_resumed()
    {
        var rig = await RigAsync(TimeSpan.FromSeconds(1));
        rig.Start();
        await Eventually.TrueAsync("a run", () => rig.Run.Requests.Count >= 1, Deadlines.Recovery);
        var deployment = await rig.DeploymentAsync();
        await rig.Probe.PauseAsync(deployment, Token);
        await Eventually.TrueAsync("runs in hand to end", async () => (await rig.Probe.FlowRunsAsync(deployment, Token)).All(WorkerRig.IsFinal), Deadlines.Recovery);
        var before = rig.Run.Requests.Count;
        await Task.Delay(Deadlines.Quiet, Token);
        rig.Run.Requests.Should().HaveCount(before);

        await rig.Probe.ResumeAsync(deployment, Token);

        await Eventually.TrueAsync("another run", () => rig.Run.Requests.Count > before, Deadlines.Recovery);
    }

    /// <summary>On a slow machine a run may have been marked late in between.</summary>
    private IEnumerable<string> States(Guid run) => Server.History(run).Where(h => h.Name != "Late").Select(h => h.Type);

    protected override async Task<string> ServerAsync() => (_server ??= await FakePrefect.StartAsync()).Api;
}
