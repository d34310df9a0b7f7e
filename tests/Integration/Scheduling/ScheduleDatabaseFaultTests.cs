using FluentAssertions;
using Microsoft.Data.Sqlite;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>Whatever happens to the schedule's database, windows are written.</summary>
public sealed class ScheduleDatabaseFaultTests(RedisFixture redis)
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broken_database_is_set_aside_at_the_start_and_work_goes_on()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        await RunAsync(program);
        program.Process.Kill();
        SqliteConnection.ClearAllPools();
        File.Delete(program.DatabasePath + "-wal");
        await File.WriteAllBytesAsync(program.DatabasePath, [.. Enumerable.Repeat((byte)0x5A, 20_000)], Token);

        await RunAsync(program);
        await StopAsync(program);

        (await program.Process.ErrorAsync()).Should().Contain("is broken").And.Contain("was set aside");
        Directory.GetFiles(ScheduledProgram.OwnFolder(rig.Lake.Path), "schedule.db.broken-*").Should().ContainSingle();
        (await ScheduledProgram.PrintOfAsync(["verify", rig.Lake.Path])).Should().Contain("nothing wrong");
    }

    [Fact]
    public async Task A_database_that_is_removed_from_a_running_program_is_begun_anew()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        await RunAsync(program);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(ScheduledProgram.OwnFolder(rig.Lake.Path), "schedule.db*")) File.Delete(file);

        await program.RunsAsync("runs in a new database", r => r.Count(x => x.Outcome is RunOutcome.Written or RunOutcome.Nothing) > 2);
        await StopAsync(program);
    }

    [Fact]
    public async Task A_pause_outlives_the_database_that_it_was_asked_for_in()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        program.Start("run", "--source", "mock", "--rate", "600", "--listen", "127.0.0.1:0");
        await program.RunsAsync("runs", r => r.Count(x => x.Outcome == RunOutcome.Written) > 1);
        await program.PrintAsync("schedule", "pause");
        await Eventually.TrueAsync(
            "the program to pause", async () => (await Scrape.OfAsync(await program.Process.AddressAsync(), Token))["pipeline_schedule_paused"] == 1, Deadlines.Recovery);
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(ScheduledProgram.OwnFolder(rig.Lake.Path), "schedule.db*")) File.Delete(file);

        await Eventually.TrueAsync("the new database to be paused", () => State(program).Paused is not null, Deadlines.Recovery);
        await program.PrintAsync("schedule", "resume");

        await program.RunsAsync("runs in the new database", r => r.Count(x => x.Outcome == RunOutcome.Written) > 1);
        await StopAsync(program);
    }

    [Fact]
    public async Task Runs_that_the_history_cannot_take_are_entered_when_it_can()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);
        var before = await RunAsync(program);

        Execute(program, "ALTER TABLE run RENAME TO run_away");
        var files = rig.Read().Files().Count;
        await Eventually.TrueAsync("windows to be written meanwhile", () => rig.Read().Files().Count >= files + 30, Deadlines.Recovery);
        Execute(program, "ALTER TABLE run_away RENAME TO run");

        await program.RunsAsync("runs in the history again", r => r.Count > before.Count + 2, Deadlines.Recovery);
        await StopAsync(program);
    }

    private static async Task<IReadOnlyList<RunRecord>> RunAsync(ScheduledProgram program)
    {
        program.Start("run", "--source", "mock", "--rate", "600");
        return await program.RunsAsync("runs", r => r.Count(x => x.Outcome == RunOutcome.Written) > 1);
    }

    private static async Task StopAsync(ScheduledProgram program)
    {
        program.Process.Terminate();
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0, await program.Process.OutputAsync());
    }

    private static ScheduleState State(ScheduledProgram program) => new ScheduleControl(ScheduleDatabase.OpenExisting(program.DatabasePath)!, TimeProvider.System).Read();

    private static void Execute(ScheduledProgram program, string sql)
    {
        using var connection = ScheduleDatabase.OpenExisting(program.DatabasePath)!.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
