using System.Globalization;
using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>Redis loses records after their source has ended: no ingestor is there that would notice.</summary>
public sealed class LostAtEndTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static MockFirehoseOptions Mock => new() { Events = 3_000 };

    [Theory]
    [InlineData("write", "--once")]
    [InlineData("write", "--once", "--drain")]
    public async Task A_writer_says_how_much_was_lost_and_what_to_do(params string[] verb)
    {
        await using var rig = await OpenAsync();
        await EndedAsync(rig);
        var state = await rig.Logs[0].ReadStateAsync();
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);

        using var write = Start(rig, verb);

        (await write.ExitCodeAsync(Token)).Should().Be(3, await write.OutputAsync());
        var missing = (state.Offset - state.CommittedOffset).ToString("N0", CultureInfo.InvariantCulture);
        (await write.ErrorAsync()).Should().Contain($"with {missing} records that are not in lake").And.Contain("`pipeline ingest`");
    }

    [Fact]
    public async Task A_log_whose_tail_is_gone_with_the_source_s_end_was_not_drained()
    {
        await using var rig = await OpenAsync();
        using (var stop = new CancellationTokenSource())
        {
            await rig.IngestAsync(new StoppingSource(new MockSource(Mock), 2_000, stop), stop.Token);
        }

        var keys = rig.Logs[0].Keys;
        var before = await rig.Logs[0].ReadStateAsync();
        var (stream, state) = (await rig.Database.KeyDumpAsync(keys.Stream), await rig.Database.KeyDumpAsync(keys.State));
        await rig.IngestAsync(new MockSource(Mock), Token);
        (await rig.Logs[0].ReadStateAsync()).Offset.Should().BeGreaterThan(before.Offset, "there has to be a tail to lose");
        await rig.Database.KeyDeleteAsync([keys.Stream, keys.State]);
        await rig.Database.KeyRestoreAsync(keys.Stream, stream!);
        await rig.Database.KeyRestoreAsync(keys.State, state!);

        using (var write = Start(rig, "write", "--once", "--drain"))
        {
            (await write.ExitCodeAsync(Token)).Should().Be(3, await write.OutputAsync());
            (await write.ErrorAsync()).Should().Contain("has no end of mock").And.Contain("`pipeline ingest` with the same source");
        }

        await rig.IngestAsync(new MockSource(Mock), Token);
        using var again = Start(rig, "write", "--once", "--drain");
        (await again.ExitCodeAsync(Token)).Should().Be(0, await again.OutputAsync());
        Expect.ExactlyOnce(rig, Expect.Sent(Mock));
    }

    [Fact]
    public async Task A_source_that_is_still_being_read_is_no_loss()
    {
        await using var rig = await OpenAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ingesting = rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = long.MaxValue, Rate = 0.2 }), stop.Token);
        await Eventually.TrueAsync("events to arrive", async () => (await rig.Logs[0].ReadStateAsync()).Offset > 0);

        using var write = Start(rig, "write", "--once", "--drain");

        (await write.ExitCodeAsync(Token)).Should().Be(0, await write.OutputAsync());
        (await write.OutputAsync()).Should().Contain("is still being read");
        await stop.CancelAsync();
        await ingesting;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_lost_is_in_the_lake_once_after_another_ingest(bool everything)
    {
        await using var rig = await OpenAsync();
        await EndedAsync(rig);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        if (everything) await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.State);
        using (var write = Start(rig, "write", "--once", "--drain"))
        {
            (await write.ExitCodeAsync(Token)).Should().Be(3, await write.OutputAsync());
        }

        await rig.IngestAsync(new MockSource(Mock), Token);
        using var again = Start(rig, "write", "--once", "--drain");

        (await again.ExitCodeAsync(Token)).Should().Be(0, await again.OutputAsync());
        Expect.ExactlyOnce(rig, Expect.Sent(Mock));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_is_lost_when_the_lake_has_all_of_it_is_no_loss(bool everything)
    {
        await using var rig = await OpenAsync();
        await EndedAsync(rig);
        await rig.DrainAsync(Token);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        if (everything) await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.State);

        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(Mock));
    }

    private Task<PipelineRig> OpenAsync() => PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(lake: r.Lake with { Window = TimeSpan.FromSeconds(5) }));

    /// <summary>The source has ended, and its closed windows are written.</summary>
    private static async Task EndedAsync(PipelineRig rig)
    {
        await rig.IngestAsync(new MockSource(Mock), Token);
        await rig.Writer().WriteClosedWindowsAsync(drain: false, Token);
        var state = await rig.Logs[0].ReadStateAsync();
        state.CommittedOffset.Should().BeInRange(1, state.Offset - 1);
    }

    private PipelineProgram Start(PipelineRig rig, params string[] verb) =>
        PipelineProgram.Start([.. verb, "--window", "5s", "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--redis", redis.ConnectionString]);
}
