using FluentAssertions;
using Pipeline.Scheduling;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Lake;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.EndToEnd;
using Xunit;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>A run that takes too long is stopped, seen coming, and the next goes on where it was.</summary>
public sealed class RunLimitTests(RedisFixture redis)
{
    private const string Ended = "pipeline_schedule_runs_total{outcome=\"timed_out\"}";
    private const string Since = "pipeline_schedule_running_since_timestamp_seconds";

    // Half a minute of log time in windows of a second: not too many for a busy machine. That no run gets through is the network's doing, not the disk's.
    private static readonly MockFirehoseOptions _source = new() { Events = 10_000 };

    // The limit is one.
    private const int SecondsToRead = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_after_run_is_stopped_at_the_limit_until_everything_is_written_once()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(_source), Token);
        await using var link = FaultyLink.To(redis.Server.Host, redis.Server.Port);
        link.Throttle(await BytesAsync(rig) / SecondsToRead);
        using var program = new ScheduledProgram(rig, link.Address, TimeSpan.FromSeconds(1));

        program.Start("write", "--drain", "--run-limit", "1s", "--schedule", "2s", "--listen", "127.0.0.1:0");
        var running = await MetricsAsync(program, "a run to be seen at it", s => s[Since] > 0);
        var stopped = await MetricsAsync(program, "a run to be stopped", s => s[Ended] > 0);
        var runs = await program.RunsAsync("everything to be written", r => r.Any(x => x.Outcome == RunOutcome.Written) && r[^1].Outcome == RunOutcome.Nothing, Deadlines.Recovery * 3);
        program.Process.Terminate();
        (await program.Process.ExitCodeAsync(Token)).Should().Be(0, await program.Process.OutputAsync());

        running["pipeline_schedule_run_limit_seconds"].Should().Be(1, "the warning compares the two");
        stopped[Since].Should().NotBe(running[Since]);
        runs.Where(r => r.Outcome == RunOutcome.TimedOut).Should().NotBeEmpty().And.OnlyContain(r => r.Duration >= TimeSpan.FromSeconds(0.9) && r.Error!.Contains("stopped", StringComparison.OrdinalIgnoreCase));
        runs.Should().OnlyContain(r => r.Attempt == 1, "the next run goes on; another attempt would only be in its way");
        runs.SelectMany(r => r.Windows).Select(w => w.Start).Should().OnlyHaveUniqueItems().And.BeInAscendingOrder();
        runs.Sum(r => r.Rows).Should().Be(LakeReader.Tables.Sum(t => rig.Read().Count(t)));
        Expect.ExactlyOnce(rig, Expect.Sent(_source));
        (await program.PrintAsync("runs", "--failed")).Should().Contain("timed out");
    }

    private static async Task<long> BytesAsync(PipelineRig rig)
    {
        var sizes = await Task.WhenAll(rig.Logs.Select(async l => (await rig.Database.StreamRangeAsync(l.Keys.Stream)).Sum(e => e.Values.Sum(v => v.Value.Length()))));
        return sizes.Sum();
    }

    private static Task<Scrape> MetricsAsync(ScheduledProgram program, string what, Func<Scrape, bool> until) => Eventually.GetAsync(
        what, async () => await Scrape.OfAsync(await program.Process.AddressAsync(), Token), until, Deadlines.Recovery);
}
