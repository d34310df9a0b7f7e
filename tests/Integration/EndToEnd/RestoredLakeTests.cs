using System.Globalization;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>The lake is put back from a backup: what was written since is neither in it nor in Redis.</summary>
public sealed class RestoredLakeTests(RedisFixture redis)
{
    private static readonly MockFirehoseOptions _all = new() { Events = 6_000 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_writer_says_what_is_missing_and_writes_nothing(int shards)
    {
        await using var rig = await OpenAsync(shards);
        var missing = await RestoreOlderCopyAsync(rig);
        var before = Expect.Fingerprints(rig.Lake.Path);

        var write = () => rig.DrainAsync(Token);

        (await write.Should().ThrowAsync<LakeException>()).Which.Message.Should().Match(
            $"*is an older copy of the one that log {rig.Logs[0].Keys.Name} was written to: {missing.ToString("N0", CultureInfo.InvariantCulture)} records from 2026-* up to 2026-*");
        Expect.Fingerprints(rig.Lake.Path).Should().Equal(before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_log_that_is_removed_as_the_runbook_says_has_the_rest_fetched_again(int shards)
    {
        await using var rig = await OpenAsync(shards);
        await RestoreOlderCopyAsync(rig);

        foreach (var keys in rig.Logs.Select(l => l.Keys)) await rig.Database.KeyDeleteAsync([keys.Stream, keys.State]);
        await rig.IngestAsync(new MockSource(_all), Token);
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(_all));
    }

    [Fact]
    public async Task A_lake_whose_newest_files_were_taken_away_is_no_older_copy()
    {
        await using var rig = await OpenAsync();
        await rig.IngestAsync(new MockSource(_all with { Events = 3_000 }), Token);
        await rig.DrainAsync(Token);
        foreach (var file in Directory.EnumerateFiles(rig.Lake.Path, "*.parquet", SearchOption.AllDirectories).ToList()) File.Delete(file);
        await rig.IngestAsync(new MockSource(_all), Token);

        var stats = new WriteStats();
        await rig.DrainAsync(Token, stats);

        stats.Rows.Should().BePositive();
    }

    private Task<PipelineRig> OpenAsync(int shards = 1) => PipelineRig.OpenAsync(
        redis.ConnectionString, r => r.With(log: r.Log with { Shards = shards }, lake: r.Lake with { Window = TimeSpan.FromSeconds(2) }));

    /// <returns>How many records of the first shard are missing.</returns>
    private static async Task<long> RestoreOlderCopyAsync(PipelineRig rig)
    {
        var copy = rig.Lake.Path + "-copy";
        await rig.IngestAsync(new MockSource(_all with { Events = 3_000 }), Token);
        await rig.DrainAsync(Token);
        Directory.Move(rig.Lake.Path, copy);
        Copy(copy, rig.Lake.Path);
        var before = (await rig.Logs[0].ReadStateAsync()).CommittedOffset;
        await rig.IngestAsync(new MockSource(_all with { Events = 5_000 }), Token);
        await rig.DrainAsync(Token);
        Directory.Delete(rig.Lake.Path, recursive: true);
        Directory.Move(copy, rig.Lake.Path);
        var missing = (await rig.Logs[0].ReadStateAsync()).CommittedOffset - before;
        await rig.IngestAsync(new MockSource(_all), Token);
        return missing;
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
