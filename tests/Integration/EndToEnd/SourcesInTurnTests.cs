using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>A source that has ended comes back after another one has fed the log.</summary>
public sealed class SourcesInTurnTests(RedisFixture redis)
{
    private static readonly MockFirehoseOptions _first = new() { Events = 2_000, Seed = 1 };
    private static readonly MockFirehoseOptions _second = new() { Events = 2_000, Seed = 2 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_goes_on_where_it_had_ended(int shards)
    {
        await using var rig = await OpenAsync(shards);
        var longer = _first with { Events = 2_500 };
        await IngestAsync(rig, _first, _second, _first, _second, longer, _second);
        await rig.DrainAsync(Token);

        ExactlyOnce(rig, longer, _second);
    }

    [Fact]
    public async Task It_is_read_again_when_what_it_sent_is_lost()
    {
        await using var rig = await OpenAsync();
        await IngestAsync(rig, _first, _second);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        await IngestAsync(rig, _second, _first);
        await rig.DrainAsync(Token);

        ExactlyOnce(rig, _first, _second);
    }

    [Fact]
    public async Task It_is_not_read_again_when_what_it_sent_is_in_the_lake_and_only_the_stream_is_lost()
    {
        await using var rig = await OpenAsync();
        await IngestAsync(rig, _first, _second);
        await rig.DrainAsync(Token);
        var third = _first with { Seed = 3 };
        await IngestAsync(rig, third);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        await IngestAsync(rig, _second, third, _first);
        await rig.DrainAsync(Token);

        ExactlyOnce(rig, _first, _second, third);
    }

    [Fact]
    public async Task It_is_read_again_from_where_the_lake_has_it_when_only_what_it_sent_later_is_lost()
    {
        await using var rig = await OpenAsync();
        var longer = _first with { Events = 3_000 };
        var third = _first with { Seed = 3 };
        await IngestAsync(rig, _first, _second);
        await rig.DrainAsync(Token);
        await IngestAsync(rig, longer, third);
        await rig.Database.KeyDeleteAsync(rig.Logs[0].Keys.Stream);
        await IngestAsync(rig, _second, longer, third);
        await rig.DrainAsync(Token);

        ExactlyOnce(rig, _second, longer, third);
    }

    [Fact]
    public async Task What_is_remembered_does_not_grow_with_every_turn()
    {
        await using var rig = await OpenAsync();
        for (var turn = 1; turn <= 5; turn++)
        {
            await IngestAsync(rig, _first with { Events = turn * 100 }, _second with { Events = turn * 100 });
            await rig.DrainAsync(Token);
        }

        (await rig.Logs[0].ReadStateAsync()).Ends.Should().HaveCountLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task The_lake_remembers_it_when_Redis_has_lost_everything()
    {
        await using var rig = await OpenAsync();
        await IngestAsync(rig, _first, _second);
        await rig.DrainAsync(Token);
        await rig.Database.KeyDeleteAsync([rig.Logs[0].Keys.Stream, rig.Logs[0].Keys.State]);
        await IngestAsync(rig, _first, _second);
        await rig.DrainAsync(Token);

        ExactlyOnce(rig, _first, _second);
    }

    [Fact]
    public async Task The_lake_remembers_it_when_Redis_has_come_back_from_an_older_copy()
    {
        await using var rig = await OpenAsync();
        var keys = rig.Logs[0].Keys;
        await IngestAsync(rig, _first with { Events = 1_000 });
        await rig.DrainAsync(Token);
        var copy = (Stream: await rig.Database.KeyDumpAsync(keys.Stream), State: await rig.Database.KeyDumpAsync(keys.State));
        await IngestAsync(rig, _first, _second);
        await rig.DrainAsync(Token);
        await rig.Database.KeyDeleteAsync([keys.Stream, keys.State]);
        await rig.Database.KeyRestoreAsync(keys.Stream, copy.Stream!);
        await rig.Database.KeyRestoreAsync(keys.State, copy.State!);
        await IngestAsync(rig, _second, _first, _second);
        await rig.DrainAsync(Token);

        ExactlyOnce(rig, _first, _second);
    }

    private Task<PipelineRig> OpenAsync(int shards = 1) => PipelineRig.OpenAsync(
        redis.ConnectionString,
        r => r.With(log: r.Log with { Shards = shards, LookBack = TimeSpan.FromSeconds(1) }, lake: r.Lake with { Window = TimeSpan.FromSeconds(2) }));

    private static async Task IngestAsync(PipelineRig rig, params MockFirehoseOptions[] sources)
    {
        foreach (var source in sources) await rig.IngestAsync(new MockSource(source), Token);
    }

    private static void ExactlyOnce(PipelineRig rig, params MockFirehoseOptions[] sources) => Expect.ExactlyOnce(rig, [.. sources.SelectMany(Expect.Sent).Distinct()]);
}
