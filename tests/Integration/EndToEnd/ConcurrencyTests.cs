using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>More than one where there should be one, and things that do not belong together.</summary>
public sealed class ConcurrencyTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_writers_at_once_write_every_event_once()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 30_000 };
        await rig.IngestAsync(new MockSource(options), Token);

        await Task.WhenAll(rig.DrainAsync(Token), rig.DrainAsync(Token));

        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task A_writer_that_lost_its_lease_while_writing_harms_nobody()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 40_000 };
        await rig.IngestAsync(new MockSource(options), Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var thief = StealLeasesAsync(rig, stop.Token);

        await Task.WhenAll(rig.DrainAsync(Token), rig.DrainAsync(Token), rig.DrainAsync(Token));
        await stop.CancelAsync();
        var stolen = await thief;

        stolen.Should().BePositive();
        Expect.ExactlyOnce(rig, Expect.Sent(options));
        (await rig.Logs[0].ReadStateAsync()).Counters["committed:like"].Should().Be(rig.Read().Count("like"));
    }

    [Fact]
    public async Task Two_ingestors_at_once_append_every_event_once()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 20_000, Rate = 10_000 };
        var (first, second) = (new IngestStats(), new IngestStats());

        await Task.WhenAll(rig.IngestAsync(new MockSource(options), Token, first), rig.IngestAsync(new MockSource(options), Token, second));
        await rig.DrainAsync(Token);

        (first.Recoveries + second.Recoveries).Should().BePositive("they have to have met");
        Expect.ExactlyOnce(rig, Expect.Sent(options));
    }

    [Fact]
    public async Task A_log_is_not_resumed_with_another_source()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await rig.IngestAsync(new StoppingSource(new MockSource(new MockFirehoseOptions { Events = 1_000 }), 500, stop), stop.Token);

        var other = () => rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 1_000, Seed = 7 }), Token);

        await other.Should().ThrowAsync<LogException>().WithMessage("*was fed by mock-42*cannot go on with mock-7*--log*");
    }

    [Fact]
    public async Task A_lake_takes_no_second_log()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 100 }), Token);
        await rig.DrainAsync(Token);

        var other = () => rig.With(log: rig.Log with { Name = "other" }).DrainAsync(Token);

        await other.Should().ThrowAsync<LakeException>().WithMessage($"*belongs to log '{rig.Log.Name}'*--lake*");
    }

    [Fact]
    public async Task A_redis_that_was_emptied_never_overwrites_what_the_lake_holds()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 9_000 }), Token);
        await rig.DrainAsync(Token);
        var before = Expect.Fingerprints(rig.Lake.Path);
        await rig.Database.KeyDeleteAsync([rig.Logs[0].Keys.Stream, rig.Logs[0].Keys.State]);

        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 3_000, Seed = 9 }), Token);
        await rig.DrainAsync(Token);

        Expect.Fingerprints(rig.Lake.Path).Should().Contain(before);
        rig.Read().Identities().Should().HaveCountGreaterThan(11_000);
    }

    [Fact]
    public async Task After_redis_forgot_its_last_commit_the_window_is_written_anew_and_stale_files_go()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var options = new MockFirehoseOptions { Events = 9_000 };
        await rig.IngestAsync(new MockSource(options), Token);
        var keys = rig.Logs[0].Keys;
        var (stream, state) = (await rig.Database.KeyDumpAsync(keys.Stream), await rig.Database.KeyDumpAsync(keys.State));
        await rig.DrainAsync(Token);
        var stale = Directory.EnumerateFiles(rig.Lake.Path, "block-*.parquet", SearchOption.AllDirectories).First();
        await rig.Database.KeyDeleteAsync([keys.Stream, keys.State]);
        await rig.Database.KeyRestoreAsync(keys.Stream, stream!);
        await rig.Database.KeyRestoreAsync(keys.State, state!);
        var wider = rig.With(lake: rig.Lake with { Window = TimeSpan.FromMinutes(5) });

        await wider.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(options));
        Directory.EnumerateFiles(rig.Lake.Path, "*.parquet", SearchOption.AllDirectories).Should().HaveCount(5, "ten-second files of {0} are stale", stale);
    }

    [Fact]
    public async Task A_writer_does_not_wait_for_the_lease_of_one_that_is_dead()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 100 }), Token);
        using var dead = System.Diagnostics.Process.Start("true");
        await dead.WaitForExitAsync(Token);
        await HoldLeaseAsync(rig, Environment.MachineName, dead.Id);

        (await rig.Writer().WriteClosedWindowsAsync(drain: true, Token)).Should().BeTrue();
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData(null)]
    public async Task A_writer_leaves_the_work_to_one_that_may_be_alive(string? machine)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 100 }), Token);
        await HoldLeaseAsync(rig, machine ?? Environment.MachineName, process: 1);

        (await rig.Writer().WriteClosedWindowsAsync(drain: true, Token)).Should().BeFalse();
    }

    private static Task<bool> HoldLeaseAsync(PipelineRig rig, string machine, int process) =>
        rig.Database.StringSetAsync(rig.Logs[0].Keys.Lease, $"{machine}|{process}|incarnation|writer", TimeSpan.FromMinutes(1));

    private static async Task<int> StealLeasesAsync(PipelineRig rig, CancellationToken cancellationToken)
    {
        for (var stolen = 0; ;)
        {
            if (cancellationToken.IsCancellationRequested) return stolen;
            if (await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Lease)) stolen++;
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }
}
