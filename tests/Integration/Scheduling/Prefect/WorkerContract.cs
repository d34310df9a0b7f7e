using System.Text.Json.Nodes;
using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Scheduling.Prefect;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling.Prefect;

/// <summary>What a worker does on any Prefect 3 server, the real one and the fake alike. Needs nothing but a server.</summary>
public abstract class WorkerContract : IAsyncLifetime
{
    // Far beyond the test: only what a test asks for is run.
    private static readonly TimeSpan _seldom = TimeSpan.FromHours(12);

    private readonly List<WorkerRig> _rigs = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var rig in _rigs) await rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Flow_pool_and_deployment_are_set_up_once_and_left_as_they_are()
    {
        var rig = await RigAsync(_seldom);
        rig.Start();
        await rig.DeploymentAsync();
        var first = await rig.Probe.DeploymentAsync(rig.Options.FlowName, rig.Options.DeploymentName, Token);
        await rig.StopAsync();
        await rig.Probe.PauseAsync(WorkerRig.Id(first), Token);
        rig.Start();
        await Eventually.TrueAsync("the second start", () => rig.Log.Count("work pool") >= 2, Deadlines.Recovery);
        await rig.StopAsync();

        var second = await rig.Probe.DeploymentAsync(rig.Options.FlowName, rig.Options.DeploymentName, Token);

        WorkerRig.Id(second).Should().Be(WorkerRig.Id(first));
        second["schedules"]![0]!["id"]!.ToString().Should().Be(first["schedules"]![0]!["id"]!.ToString(), "to post it anew would throw away the runs that are scheduled");
        ((bool)second["paused"]!).Should().BeTrue("somebody paused it");
        ((double)first["schedules"]![0]!["schedule"]!["interval"]!).Should().Be(_seldom.TotalSeconds);
        ((string?)first["work_pool_name"]).Should().Be(rig.Options.WorkPool);
        ((double)first["parameters"]!["timeout_seconds"]!).Should().Be(_seldom.TotalSeconds * 0.8);
        ((string?)first["concurrency_options"]!["collision_strategy"]).Should().Be("ENQUEUE");
    }

    [Fact]
    public async Task A_run_is_completed_with_task_runs_log_lines_and_a_summary()
    {
        var rig = await RigAsync(_seldom);

        var run = await rig.RunOnceAsync();

        ((string?)run["state_type"], (string?)run["state"]!["message"]).Should().Be(("COMPLETED", "2 windows, 12,000 rows in 4 files, 1 MB, 2 s."));
        ((int)run["run_count"]!).Should().Be(1);
        var id = WorkerRig.Id(run);
        (await rig.Probe.TaskRunsAsync(id, Token)).Should().HaveCount(2).And.OnlyContain(t => (string?)t["state_type"] == "COMPLETED");
        var artifact = (await rig.Probe.ArtifactsAsync(id, Token)).Should().ContainSingle().Subject;
        ((string?)artifact["type"]).Should().Be("markdown");
        ((string?)artifact["data"]).Should().Contain("| post | 2,000 | 0.4 MB |").And.Contain("| **all** | **12,000** | **1 MB** in 4 files |").And.Contain("6,000 rows/s");
        var logs = await Eventually.GetAsync("log lines", () => rig.Probe.LogsAsync(id, Token), l => l.Count >= 2, Deadlines.Recovery);
        logs.Select(l => (string)l["message"]!).Should().Contain(m => m.Contains("begins, attempt 1")).And.Contain(m => m.Contains("12,000 rows"));
        var request = rig.Run.Requests.Should().ContainSingle().Subject;
        (request.RunId, request.Trigger, request.Attempt, request.Drain, request.Limit).Should().Be((id.ToString(), RunTrigger.Prefect, 1, false, _seldom * 0.8));
    }

    [Fact]
    public async Task What_is_due_by_the_schedule_is_run_without_anybody()
    {
        var rig = await RigAsync(TimeSpan.FromSeconds(2));

        rig.Start();
        await Eventually.TrueAsync("three runs", () => rig.Run.Requests.Count >= 3, Deadlines.Recovery + Deadlines.Recovery);

        var due = rig.Run.Requests.Select(r => r.Scheduled).ToList();
        due.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        due.Should().OnlyContain(t => (t - DateTimeOffset.UnixEpoch).Ticks % TimeSpan.FromSeconds(2).Ticks == rig.Options.Offset.Ticks);
    }

    [Fact]
    public async Task A_run_that_fails_is_tried_again_as_often_as_its_parameters_say()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = (request, _) => Task.FromResult(request.Attempt < 3 ? ScriptedRun.Failed("Redis is away.") : ScriptedRun.Written(request));

        var run = await rig.RunOnceAsync(Parameters(retries: 2));

        ((string?)run["state_type"], (int)run["run_count"]!).Should().Be(("COMPLETED", 3));
        rig.Run.Requests.Select(r => r.Attempt).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_run_that_goes_on_failing_is_failed_and_says_why()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = (_, _) => Task.FromResult(ScriptedRun.Failed("No space left on device."));

        var run = await rig.RunOnceAsync(Parameters(retries: 1));

        ((string?)run["state_type"], (string?)run["state"]!["message"], (int)run["run_count"]!).Should().Be(("FAILED", "No space left on device.", 2));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_on_the_server_stops()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = ScriptedRun.UntilStoppedAsync;
        rig.Start();
        var id = await rig.Probe.RunAsync(await rig.DeploymentAsync(), null, Token);
        await rig.Probe.UntilAsync("the run", id, r => (string?)r["state_type"] == "RUNNING", Deadlines.Recovery, Token);

        await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "CANCELLING" }, Token);

        var run = await rig.EndedAsync(id);
        ((string?)run["state_type"]).Should().Be("CANCELLED");
        (await rig.Probe.TaskRunsAsync(id, Token)).Should().ContainSingle().Which["state_type"]!.ToString().Should().Be("CANCELLED");
    }

    [Fact]
    public async Task A_run_that_was_cancelled_before_its_time_does_not_begin()
    {
        var rig = await RigAsync(_seldom);
        rig.Start();
        var deployment = await rig.DeploymentAsync();
        await rig.StopAsync();
        var id = await rig.Probe.RunAsync(deployment, null, Token);
        await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "CANCELLING" }, Token);
        var next = await rig.Probe.RunAsync(deployment, null, Token);

        rig.Start();

        ((string?)(await rig.EndedAsync(next))["state_type"]).Should().Be("COMPLETED");
        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("CANCELLED");
        rig.Run.Requests.Select(r => r.RunId).Should().Equal(next.ToString());
    }

    [Fact]
    public async Task A_paused_pool_holds_its_runs_until_it_is_resumed()
    {
        var rig = await RigAsync(_seldom);
        rig.Start();
        var deployment = await rig.DeploymentAsync();
        await rig.Probe.PausePoolAsync(rig.Options.WorkPool, true, Token);
        var id = await rig.Probe.RunAsync(deployment, null, Token);
        await Task.Delay(Deadlines.Quiet, Token);
        rig.Run.Requests.Should().BeEmpty();

        await rig.Probe.PausePoolAsync(rig.Options.WorkPool, false, Token);

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
    }

    [Fact]
    public async Task Of_two_workers_one_has_each_run_and_they_never_overlap()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = async (request, token) =>
        {
            await Task.Delay(Deadlines.Poll, token);
            return ScriptedRun.Written(request);
        };
        rig.Start(o => o with { WorkerName = "one" });
        rig.Start(o => o with { WorkerName = "two" });
        var deployment = await rig.DeploymentAsync();
        var runs = new List<Guid>();
        for (var i = 0; i < 4; i++) runs.Add(await rig.Probe.RunAsync(deployment, null, Token));

        // The slot of the one makes the other wait, on a real server for 30 s.
        foreach (var run in runs) await rig.Probe.UntilAsync("the run's end", run, WorkerRig.IsFinal, TimeSpan.FromMinutes(4), Token);

        rig.Run.Requests.Select(r => r.RunId).Should().BeEquivalentTo(runs.Select(r => r.ToString()));
        rig.Run.Overlapped.Should().BeFalse();
    }

    [Theory]
    [InlineData("PENDING")]
    [InlineData("RUNNING")]
    public async Task The_run_of_a_worker_that_was_killed_is_run_again(string left)
    {
        var rig = await RigAsync(_seldom);
        rig.Start();
        var deployment = await rig.DeploymentAsync();
        await rig.StopAsync();
        var id = await rig.Probe.RunAsync(deployment, null, Token);
        var dead = new RunOwner("tester", Environment.MachineName, 99_999_999, "0123456789ab").ToString();
        await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "PENDING", ["message"] = dead }, Token);
        if (left == "RUNNING") await rig.Probe.SetStateAsync(id, new JsonObject { ["type"] = "RUNNING", ["message"] = dead }, Token);

        rig.Start();

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
        rig.Run.Requests.Select(r => r.RunId).Should().Equal(id.ToString());
        rig.Log.Count("worker that is gone").Should().Be(1);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_gives_its_run_back_and_the_next_one_takes_it()
    {
        var rig = await RigAsync(_seldom);
        rig.Run.Does = ScriptedRun.UntilStoppedAsync;
        rig.Start();
        var id = await rig.Probe.RunAsync(await rig.DeploymentAsync(), null, Token);
        await Eventually.TrueAsync("the run", () => rig.Run.Requests.Count == 1, Deadlines.Recovery);
        await rig.StopAsync();
        ((string?)(await rig.Probe.FlowRunAsync(id, Token))["state_name"]).Should().Be("Rescheduled");
        rig.Run.Does = (request, _) => Task.FromResult(ScriptedRun.Written(request));

        rig.Start();

        ((string?)(await rig.EndedAsync(id))["state_type"]).Should().Be("COMPLETED");
    }

    protected static JsonObject Parameters(int retries) => new() { ["retries"] = retries, ["retry_delay_seconds"] = 1 };

    /// <summary>Where the server is; skips the test when there is none.</summary>
    protected abstract Task<string> ServerAsync();

    private protected async Task<WorkerRig> RigAsync(TimeSpan every)
    {
        var rig = new WorkerRig(await ServerAsync(), every);
        _rigs.Add(rig);
        return rig;
    }
}
