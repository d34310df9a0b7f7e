using System.Text.Json;
using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary><c>pipeline runs --follow</c>.</summary>
public sealed class RunsFollowTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_what_was_and_then_each_run_once_as_it_ends()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, TimeSpan.FromSeconds(1));
        program.Start("run", "--source", "mock", "--rate", "300");
        var before = await program.RunsAsync("the first runs", r => r.Count(x => x.Finished is not null) > 2);

        using var follow = PipelineProgram.Start(["runs", "--follow", "--json", "-n", "2", "--lake", rig.Lake.Path]);
        using var failed = PipelineProgram.Start(["runs", "--follow", "--failed", "--lake", rig.Lake.Path]);
        await program.RunsAsync("more runs", r => r.Count > before.Count + 6);
        program.Process.Terminate();
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0);
        var last = program.Runs()[^1];
        await Eventually.TrueAsync("the last run to be shown", () => follow.PrintedSoFar.Contains(last.Id, StringComparison.Ordinal), Deadlines.Recovery);
        foreach (var followed in new[] { follow, failed })
        {
            followed.Terminate();
            (await followed.ExitCodeAsync(Token)).Should().Be(0, "to stop is how it ends");
        }

        var shown = follow.PrintedSoFar.Trim().Split('\n').Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()).ToList();
        var runs = program.Runs().Select(r => r.Id).ToList();
        shown.Should().Equal(runs.SkipWhile(r => r != shown[0]), "none is left out, none is shown twice, and the order is theirs");
        shown.Count.Should().BeGreaterThanOrEqualTo(2 + 5);
        failed.PrintedSoFar.Trim().Should().Be("No such run is recorded.", "none has failed");
    }

    [Fact]
    public async Task It_waits_for_a_history_that_is_not_there_yet()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = new ScheduledProgram(rig, redis.ConnectionString, TimeSpan.FromSeconds(1));
        using var follow = PipelineProgram.Start(["runs", "--follow", "--lake", rig.Lake.Path]);
        await Eventually.TrueAsync("it to have looked", () => follow.PrintedSoFar.Contains("No run is recorded", StringComparison.Ordinal), Deadlines.Recovery);

        program.Start("run", "--source", "mock", "--rate", "300");
        var run = (await program.RunsAsync("a run that wrote", r => r.Any(x => x.Outcome == RunOutcome.Written))).First(r => r.Outcome == RunOutcome.Written);

        await Eventually.TrueAsync("the run to be shown", () => follow.PrintedSoFar.Contains($"{run.Id} written in", StringComparison.Ordinal), Deadlines.Recovery);
    }
}
