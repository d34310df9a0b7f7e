using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>Redis comes back as it was some time ago: the lake has what Redis no longer knows of, and the source may not have it any more.</summary>
public sealed class RollbackTests(RedisFixture redis)
{
    private const long StepUs = 10_000;
    private const long RewindUs = 1_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_the_lake_has_stays_when_the_source_does_not_reach_back(int shards)
    {
        await using var rig = await OpenAsync(shards);
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync();

        await RunAsync(rig, Likes(1_700, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Fact]
    public async Task The_writer_may_be_the_first_to_see_it()
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync();

        await rig.DrainAsync(Token);
        await RunAsync(rig, Likes(1_700, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Theory]
    [InlineData(700)]
    [InlineData(1_700)]
    public async Task What_an_ingestor_appends_that_does_not_see_the_lake_is_compared_with_the_lake(int from)
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync();

        await RunAsync(Blind(rig), Likes(from, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Fact]
    public async Task An_ingestor_that_sees_the_lake_may_follow_one_that_does_not()
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync();

        await RunAsync(Blind(rig), Likes(400, 1_000));
        await RunAsync(rig, Likes(1_700, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_state_may_be_lost_as_well(bool blind)
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync(streamOnly: true);

        await RunAsync(blind ? Blind(rig) : rig, Likes(1_700, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Fact]
    public async Task The_stream_may_be_lost_as_well()
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync();
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);

        await RunAsync(rig, Likes(1_700, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Fact]
    public async Task Redis_may_fall_back_behind_its_first_commit()
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000), writeFirst: false);
        await copy.RestoreAsync();

        await RunAsync(rig, Likes(1_700, 3_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 3_000);
    }

    [Fact]
    public async Task Redis_may_fall_back_again_and_again()
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, Likes(0, 500), Likes(0, 2_000));
        await copy.RestoreAsync();
        await RunAsync(rig, Likes(1_700, 3_000));
        await rig.DrainAsync(Token);
        await copy.RestoreAsync();
        await RunAsync(Blind(rig), Likes(2_700, 3_500));
        await rig.DrainAsync(Token);
        await RunAsync(rig, Likes(3_300, 4_000));
        await rig.DrainAsync(Token);
        await copy.RestoreAsync();

        await RunAsync(rig, Likes(3_700, 5_000));
        await CloseAsync(rig);

        ExactlyOnce(rig, 5_000);
    }

    [Fact]
    public async Task A_window_whose_writer_died_among_its_files_keeps_those_that_are_there()
    {
        await using var rig = await OpenAsync();
        var copy = await RollBackAsync(rig, [.. Likes(0, 500)], [.. Likes(0, 2_000).Select((e, i) => i % 2 == 0 ? e : (e.TimeUs, e.Message.Replace("feed.like", "feed.repost", StringComparison.Ordinal)))]);
        var (before, last) = (Identities(rig), Directory.EnumerateFiles(rig.Lake.Path, "repost-*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last());
        File.Delete(last);
        var kept = Identities(rig);
        await copy.RestoreAsync();

        await RunAsync(rig, Likes(1_950, 3_000));
        await CloseAsync(rig);

        kept.Should().HaveCountLessThan(before.Count);
        var after = Identities(rig);
        after.Should().OnlyHaveUniqueItems().And.Contain(kept);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counters_add_up_again(bool blind)
    {
        // No batch ends early because the machine is slow: those that are appended again are the same.
        await using var rig = await OpenAsync(linger: TimeSpan.FromMinutes(1));
        var options = new MockFirehoseOptions { Events = 30_000 };
        await IngestUntilAsync(rig, options, 6_000);
        await rig.DrainAsync(Token);
        var copy = await KeysCopy.TakeAsync(rig);
        await IngestUntilAsync(rig, options, 15_000);
        await rig.DrainAsync(Token);
        await copy.RestoreAsync();

        if (blind) await IngestUntilAsync(Blind(rig), options, 20_000);
        await rig.IngestAsync(new MockSource(options), Token);
        await rig.DrainAsync(Token);

        (await Invariant.CheckAsync(rig, new Produced(Expect.Ledger(options)) { Messages = 30_000 }, Token)).Violations.Should().BeEmpty();
        (await rig.Logs[0].ReadStateAsync()).Counters.GetValueOrDefault(LogCounters.Adopted).Should().Match(n => blind ? n == 0 : n > 0, "a source that sends the same again leaves nothing to adopt");
    }

    private static IReadOnlyList<(long TimeUs, string Message)> Likes(int from, int to) => ScriptedSource.Likes(from, to - from, StepUs);

    private static PipelineRig Blind(PipelineRig rig) => rig.With(lake: rig.Lake with { Path = rig.Lake.Path + "-elsewhere" });

    private Task<PipelineRig> OpenAsync(int shards = 1, TimeSpan? linger = null)
    {
        var log = new LogOptions { Name = $"test-{Guid.NewGuid():N}", Shards = shards, Linger = linger ?? TimeSpan.FromMilliseconds(20), LookBack = TimeSpan.FromSeconds(2) };
        return PipelineRig.OpenAsync(redis.ConnectionString, r => r.With(log: log, lake: r.Lake with { Window = TimeSpan.FromSeconds(2) }));
    }

    /// <summary>Fills log and lake, and returns what Redis held in between.</summary>
    private static async Task<KeysCopy> RollBackAsync(
        PipelineRig rig, IReadOnlyList<(long TimeUs, string Message)> before, IReadOnlyList<(long TimeUs, string Message)> after, bool writeFirst = true)
    {
        await RunAsync(rig, before);
        if (writeFirst) await rig.DrainAsync(Token);
        var copy = await KeysCopy.TakeAsync(rig);
        await RunAsync(rig, after);
        await rig.DrainAsync(Token);
        return copy;
    }

    /// <summary>Reads a live source until the log has its last event.</summary>
    private static async Task RunAsync(PipelineRig rig, IReadOnlyList<(long TimeUs, string Message)> events)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ingesting = rig.IngestAsync(new ScriptedSource(events, RewindUs), stop.Token);
        var last = events[^1].TimeUs / 1000;
        await Eventually.TrueAsync("the last event is in the log", async () =>
        {
            var tails = await Task.WhenAll(rig.Logs.Select(l => l.ReadTailAsync()));
            return ingesting.IsCompleted || tails.Any(t => t.Position?.TimeMs >= last - 500);
        });
        await stop.CancelAsync();
        await ingesting;
    }

    private static async Task IngestUntilAsync(PipelineRig rig, MockFirehoseOptions options, long position)
    {
        using var stop = new CancellationTokenSource();
        await rig.IngestAsync(new StoppingSource(new MockSource(options), position, stop), stop.Token);
    }

    /// <summary>Closes the log's open window, and writes all. What went its own way meanwhile goes on behind the lake first.</summary>
    private static async Task CloseAsync(PipelineRig rig)
    {
        await rig.DrainAsync(Token);
        await rig.CloseWindowsAsync();
        await rig.DrainAsync(Token);
    }

    private static void ExactlyOnce(PipelineRig rig, int count) => Expect.ExactlyOnce(rig, Expect.Sent(Likes(0, count).Select(e => e.Message)));

    private static List<string> Identities(PipelineRig rig)
    {
        using var lake = rig.Read();
        return [.. lake.Identities().Select(i => string.Join('|', i.Did, i.Collection, i.Rkey, i.Rev, i.Operation))];
    }
}
