using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Monitoring;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Faults;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Archiving;

/// <summary>What is there at each step of a commit, so that a crash between any two of them costs and doubles nothing.</summary>
public sealed class CommitOrderTests(RedisFixture redis) : IAsyncLifetime
{
    private PipelineRig _rig = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Partitions => Path.Combine(_rig.Lake.Path, "year=2026");

    private string Commits => new LakeLayout(_rig.Lake.Path).Commits;

    private string Staging => new LakeLayout(_rig.Lake.Path).Staging;

    public async ValueTask InitializeAsync()
    {
        _rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await _rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 500, Start = new DateTimeOffset(2026, 7, 4, 14, 0, 0, TimeSpan.Zero) }), Token);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Nothing_is_visible_before_every_file_is_complete()
    {
        var seen = await AtFirstAsync(Step.WindowStaged, () => (Visible: Directory.Exists(Partitions), Staged: Count(Staging, "*.tmp")));

        seen.Should().Be((false, 5));
    }

    [Fact]
    public async Task The_manifest_is_there_before_the_first_file_is()
    {
        var seen = await AtFirstAsync(Step.FilePublished, () => Count(Commits, "*.json"));

        seen.Should().Be(1);
    }

    [Fact]
    public async Task The_log_keeps_a_window_until_all_its_files_are_visible()
    {
        var seen = await AtFirstAsync(
            Step.WindowPublished, () => (Files: Count(Partitions, "*.parquet"), Committed: _rig.Database.HashExists(_rig.Logs[0].Keys.State, "committed")));

        seen.Should().Be((5, false));
    }

    [Fact]
    public async Task The_log_keeps_a_window_until_stale_files_are_gone()
    {
        var seen = await AtFirstAsync(Step.StaleRemoved, () => _rig.Database.HashExists(_rig.Logs[0].Keys.State, "committed"));

        seen.Should().BeFalse();
    }

    private static int Count(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Count() : 0;

    /// <summary>Writes the lake, and looks when the step is reached for the first time.</summary>
    private async Task<T> AtFirstAsync<T>(string step, Func<T> look)
    {
        var seen = new List<T>();
        using var watch = new StepWatch(reached =>
        {
            if (reached == step && seen.Count == 0) seen.Add(look());
        });
        await _rig.DrainAsync(Token);
        return seen.Should().ContainSingle("the step is reached").Subject;
    }
}
