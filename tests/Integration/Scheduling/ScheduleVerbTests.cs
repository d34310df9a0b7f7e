using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary><c>pipeline schedule</c> and <c>pipeline runs</c> beside a program that runs, and without one.</summary>
public sealed class ScheduleVerbTests(RedisFixture redis)
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_program_is_paused_triggered_changed_and_resumed_from_outside()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        program.Start("run", "--source", "mock", "--rate", "300");
        await program.RunsAsync("the first runs", r => r.Count(x => x.Trigger == RunTrigger.Schedule) > 1);

        (await program.PrintAsync("schedule", "pause", "--reason", "disk exchange")).Should().Contain("paused since").And.Contain("disk exchange");
        var paused = await Eventually.GetAsync("no run to begin any more", async () =>
        {
            var before = program.Runs();
            await Task.Delay(Deadlines.Quiet + _window, Token);
            return (Before: before, After: program.Runs());
        }, r => r.Before.Count == r.After.Count);

        var triggered = await ScheduledProgram.PrintOfAsync(["schedule", "trigger", .. program.Settings]);
        var manual = program.Runs()[^1];
        manual.Trigger.Should().Be(RunTrigger.Manual);
        triggered.Should().Contain(manual.Id);
        manual.Program.Should().Be(paused.After[0].Program, "the program that runs did it");

        var retried = paused.After[0];
        (await ScheduledProgram.PrintOfAsync(["runs", "retry", retried.Id[..6], .. program.Settings])).Should().Contain($"retry of {retried.Id}");
        program.Runs()[^1].Should().BeEquivalentTo(new { Trigger = RunTrigger.Retry, RetryOf = retried.Id, Attempt = retried.Attempt + 1, retried.Scheduled });

        await program.PrintAsync("schedule", "change", "3s");
        (await program.PrintAsync("schedule", "resume")).Should().Contain("3s").And.Contain("state     active");
        var resumed = await program.RunsAsync("runs by the other schedule", r => r.Count(x => x.Started > manual.Started && x.Trigger == RunTrigger.Schedule && x.Scheduled.Second % 3 == 0 && x.Scheduled.Millisecond == 0) > 1);
        resumed.Should().OnlyContain(r => r.Missed == 0 || r.Started < manual.Started, "times in a pause are not missed");
    }

    [Fact]
    public async Task Without_a_program_a_run_is_done_here_and_entered_in_the_history()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 3000 }), Token);
        (await program.PrintAsync("runs")).Should().Contain("No run is recorded");

        await ScheduledProgram.PrintOfAsync(["schedule", "trigger", .. program.Settings]);
        await ScheduledProgram.PrintOfAsync(["write", "--once", "--drain", .. program.Settings]);

        program.Runs().Select(r => (r.Trigger, r.Outcome)).Should().Equal((RunTrigger.Manual, RunOutcome.Written), (RunTrigger.Manual, RunOutcome.Written));
        (await program.PrintAsync("schedule")).Should().Contain("no program schedules from this database");
        (await ScheduledProgram.PrintOfAsync(["verify", rig.Lake.Path])).Should().Contain("nothing wrong");
    }

    [Fact]
    public async Task A_schedule_that_was_paused_while_no_program_ran_is_paused_when_one_starts()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        await ScheduledProgram.PrintOfAsync(["write", "--once", .. program.Settings]);
        await program.PrintAsync("schedule", "pause");

        program.Start("run", "--source", "mock", "--events", "3000");
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0);

        (await program.Process.ErrorAsync()).Should().Contain("the schedule is paused: what is not written stays in the log");
        program.Runs().Should().ContainSingle();
        rig.Read().Files().Should().BeEmpty();
    }
}
