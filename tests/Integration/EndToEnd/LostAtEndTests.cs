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
