using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.EndToEnd;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>
/// The program, left alone: runs come when they are due, none overlap, none are missed but those that a fault is the reason for, and every
/// window is written once. Nightly with 30 runs of 10 s (SCHEDULE_RUNS, SCHEDULE_WINDOW).
/// </summary>
public sealed class ScheduleStoryTests
{
    private const int Rate = 343;

    private static readonly int _runs = Setting("SCHEDULE_RUNS", 12);
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(Setting("SCHEDULE_WINDOW", 2));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_a_restart_an_outage_and_a_kill_every_scheduled_time_is_accounted_for_and_every_window_is_written_once()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = (long)((_runs * _window.TotalSeconds) + 12) * Rate };
        string[] arguments =
        [
            "run", "--source", "mock", "--rate", Rate.ToString(CultureInfo.InvariantCulture), "--events", options.Events.Value.ToString(CultureInfo.InvariantCulture),
        ];
        using var program = new ScheduledProgram(rig, redis.ConnectionString, _window);

        program.Start(arguments);
        await program.RunsAsync("the first runs", r => Done(r) >= _runs / 4, Patience);
        program.Process.Terminate();
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0, await program.Process.OutputAsync());

        program.Start(arguments);
        await program.RunsAsync("runs after the restart", r => Done(r) >= _runs / 2, Patience);
        await redis.KillAsync();
        await program.RunsAsync("a failed run", r => r.Any(x => x.Outcome == RunOutcome.Failed), Patience);
        await redis.StartAsync();
        var before = program.Runs();
        await program.RunsAsync("runs after the outage", r => Done(r) >= Done(before) + (_runs / 4), Patience);
        program.Process.Kill();

        program.Start(arguments);
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0, await program.Process.OutputAsync());

        var runs = program.Runs();
        Output(runs);
        Expect.ExactlyOnce(rig, Expect.Sent(options));
        runs.Should().OnlyContain(r => r.Finished != null);
        runs.Where(r => r.Trigger == RunTrigger.End).Should().ContainSingle().Which.Outcome.Should().Be(RunOutcome.Written);
        runs.Count(r => r.Outcome == RunOutcome.Written).Should().BeGreaterThanOrEqualTo(_runs / 2);
        NoneOverlap(runs);
        EveryTimeIsAccountedFor(runs);
        OnlyAFaultIsAReasonToMissATime(runs);
        RunsBeginOnTime(runs);
        runs.SelectMany(r => r.Windows).Select(w => w.Start).Should().OnlyHaveUniqueItems("a window is written once");
        await TheVerbTellsTheSame(program, runs);
    }

    private static TimeSpan Patience => Deadlines.Recovery + (_window * _runs * 2);

    private static int Done(IReadOnlyList<RunRecord> runs) => runs.Where(r => r.Outcome is RunOutcome.Written or RunOutcome.Nothing).Select(r => r.Scheduled).Distinct().Count();

    private static void NoneOverlap(IReadOnlyList<RunRecord> runs)
    {
        foreach (var (earlier, later) in runs.Zip(runs.Skip(1))) later.Started.Should().BeOnOrAfter(earlier.Finished!.Value, $"{later.Id} begins when {earlier.Id} has ended");
    }

    /// <summary>Every time between the first and the last has a run of its own, or is counted by the next.</summary>
    private static void EveryTimeIsAccountedFor(IReadOnlyList<RunRecord> runs)
    {
        var scheduled = runs.Where(r => r.Trigger is RunTrigger.Schedule or RunTrigger.CatchUp).ToList();
        var times = scheduled.Select(r => r.Scheduled).Distinct().Order().ToList();
        var due = Schedule.Every(_window).Count(times[0], times[^1]);
        (times.Count - 1 + scheduled.Sum(r => r.Missed)).Should().Be(due);
        times.Count.Should().BeGreaterThanOrEqualTo(_runs);
    }

    private static void OnlyAFaultIsAReasonToMissATime(IReadOnlyList<RunRecord> runs)
    {
        var unexplained = runs.Zip(runs.Skip(1))
            .Where(p => p.Second.Missed > 0 && p.First.Outcome is (RunOutcome.Written or RunOutcome.Nothing) && p.First.Program == p.Second.Program && p.First.Duration < _window / 2)
            .Sum(p => p.Second.Missed);

        // A machine that is busy with other tests stands still for two seconds, not for ten.
        unexplained.Should().BeLessThanOrEqualTo(_window < TimeSpan.FromSeconds(5) ? 2 : 0, "only a fault, a restart or a slow run is a reason to miss a time");
    }

    /// <summary>On time is when it is due, or when the run before has ended: most begin then.</summary>
    private static void RunsBeginOnTime(IReadOnlyList<RunRecord> runs)
    {
        var late = runs.Zip(runs.Skip(1))
            .Where(p => p.Second is { Trigger: RunTrigger.Schedule, Attempt: 1 } && p.First.Program == p.Second.Program)
            .Select(p => p.Second.Started - new[] { p.Second.Scheduled, p.First.Finished!.Value }.Max()).Order().ToList();

        late[late.Count / 2].Should().BeLessThan(_window / 4, "a machine that is busy with other tests delays some, not most");
    }

    private static async Task TheVerbTellsTheSame(ScheduledProgram program, IReadOnlyList<RunRecord> runs)
    {
        var lines = (await program.PrintAsync("runs", "--json", "-n", "100000")).Trim().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines.Select(l => l.GetProperty("id").GetString()).Should().Equal(runs.Select(r => r.Id));
        lines.Sum(l => l.GetProperty("rows").EnumerateObject().Sum(t => t.Value.GetInt64())).Should().Be(runs.Sum(r => r.Rows)).And.BePositive();
        var failed = await program.PrintAsync("runs", "--failed");
        failed.Should().Contain(runs.First(r => r.Outcome == RunOutcome.Failed).Id).And.NotContain(runs.First(r => r.Outcome == RunOutcome.Written).Id);
    }

    private static void Output(IReadOnlyList<RunRecord> runs)
    {
        foreach (var run in runs)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{run.Id} {run.Trigger} {run.Scheduled:HH:mm:ss.fff} began {run.Started:HH:mm:ss.fff} took {run.Duration} {run.Outcome} attempt {run.Attempt} missed {run.Missed} windows {run.Windows.Count} {run.Error}");
        }
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
