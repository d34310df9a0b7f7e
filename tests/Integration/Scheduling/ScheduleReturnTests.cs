using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>A database that fails under a running schedule: runs go on without it, and it is used again soon after it can be.</summary>
public sealed class ScheduleReturnTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseFault.Gone)]
    [InlineData(DatabaseFault.Locked)]
    [InlineData(DatabaseFault.Full)]
    public async Task What_cannot_be_used_is_done_without_and_used_again_when_it_is_mended(DatabaseFault fault)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await using var disk = fault == DatabaseFault.Full ? await SizedFolder.MountAsync(megabytes: 8) : null;
        using var program = await StartAsync(rig, disk);

        using var broken = BrokenDatabase.Break(program.DatabasePath, fault);
        await MetricAsync(program, "the schedule to be kept in memory", "pipeline_schedule_store_up", v => v == 0);
        await RunsGoOnAsync(program);
        broken.Mend();

        await MetricAsync(program, "the schedule to be in its database again", "pipeline_schedule_store_up", v => v == 1);
        var mended = program.Runs().Count;
        await program.RunsAsync("runs from it", r => r.Count > mended + 5);
        ProgramLock.IsHeld(ScheduleDatabase.OpenExisting(program.DatabasePath)!).Should().BeTrue("Quartz uses its tables again");
        await StopAsync(program, rig);
        program.Runs().Should().OnlyContain(r => r.Finished != null).And.OnlyHaveUniqueItems(r => r.Id);
    }

    [Fact]
    public async Task Tables_of_Quartz_that_are_spoilt_are_made_anew()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = await StartAsync(rig, disk: null);
        var before = program.Runs().Count;

        using var broken = BrokenDatabase.Break(program.DatabasePath, DatabaseFault.Spoilt);

        var runs = await program.RunsAsync("runs from the database", r => r.Count > before + 10, Deadlines.Recovery * 2);
        runs.Should().Contain(r => r.Trigger == RunTrigger.CatchUp && r.Missed > 0, "what passed meanwhile was missed, and caught up");
        await StopAsync(program, rig);
    }

    private async Task<ScheduledProgram> StartAsync(PipelineRig rig, SizedFolder? disk)
    {
        var program = new ScheduledProgram(rig, redis.ConnectionString, TimeSpan.FromSeconds(1)) { Database = disk is null ? null : Path.Combine(disk.Path, "schedule.db") };
        program.Start("run", "--source", "mock", "--rate", "600", "--listen", "127.0.0.1:0");
        await program.RunsAsync("runs", r => r.Count(x => x.Outcome == RunOutcome.Written) > 1);
        return program;
    }

    private static async Task RunsGoOnAsync(ScheduledProgram program)
    {
        const string ended = "pipeline_schedule_run_duration_seconds_count";
        var before = await MetricAsync(program, "runs to be counted", ended, v => v is not null);
        await MetricAsync(program, "runs meanwhile", ended, v => v > before + 5);
    }

    private static Task<double?> MetricAsync(ScheduledProgram program, string what, string series, Func<double?, bool> until) => Eventually.GetAsync(
        what, async () => (await Scrape.OfAsync(await program.Process.AddressAsync(), Token))[series], until, Deadlines.Recovery * 2);

    private static async Task StopAsync(ScheduledProgram program, PipelineRig rig)
    {
        program.Process.Terminate();
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0, await program.Process.OutputAsync());
        (await ScheduledProgram.PrintOfAsync(["verify", rig.Lake.Path])).Should().Contain("nothing wrong");
    }
}
