using System.Globalization;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;
using Pipeline.Buffering;
using Pipeline.Events;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>What a log that lost its look-back is sent again, and the lake has.</summary>
public sealed class RecentRowsTests : IDisposable
{
    private const long WindowMs = 300_000;
    private const long CommittedMs = TestLake.StartMs + WindowMs;

    private readonly TestLake _lake = new();
    private readonly CommitJournal _journal;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public RecentRowsTests() => _journal = new CommitJournal(_lake.Layout, new LogKeys("test", 0), new FakeTimeProvider());

    [Fact]
    public async Task An_event_that_the_lake_has_is_left_out_and_counted()
    {
        await CommitAsync();

        var staged = await StageAsync(mayRepeat: true, Like(2), Like(3));

        (staged.Files.Sum(f => f.Rows), staged.Repeated).Should().Be((1, 1));
    }

    [Fact]
    public async Task Where_the_log_has_its_look_back_nothing_is_looked_for()
    {
        await CommitAsync();

        var staged = await StageAsync(mayRepeat: false, Like(2), Like(3));

        (staged.Files.Sum(f => f.Rows), staged.Repeated).Should().Be((2, 0));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(59_999, 2)]
    [InlineData(60_000, 0)]
    public async Task Windows_are_read_that_end_within_the_look_back(long laterMs, int expected)
    {
        await CommitAsync();

        (await Recent(CommittedMs + laterMs).IdentitiesAsync(Token)).Should().HaveCount(expected);
    }

    [Fact]
    public async Task No_compaction_takes_away_a_file_meanwhile()
    {
        await CommitAsync();
        var (there, away) = (Path.Combine(_lake.Root, "year=2026"), Path.Combine(_lake.Root, "away"));
        await using var compaction = await LakeGate.EnterAloneAsync(_lake.Layout, TimeSpan.Zero, Token);
        Directory.Move(there, away);

        var reading = Recent(CommittedMs).IdentitiesAsync(Token).AsTask();
        Directory.Move(away, there);
        await compaction.DisposeAsync();

        (await reading).Should().HaveCount(2);
    }

    [Fact]
    public async Task Files_whose_manifests_are_forgotten_are_found_by_their_names()
    {
        await CommitAsync();
        foreach (var manifest in Directory.EnumerateFiles(_lake.Layout.Commits, "*.json", SearchOption.AllDirectories)) File.Delete(manifest);

        (await Recent(CommittedMs).IdentitiesAsync(Token)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Of_a_compacted_file_only_windows_count_that_are_before_the_one_to_be_written()
    {
        for (var i = 0; i < 3; i++) await _lake.WriteAsync(i, TestLake.Entry(TestLake.StartMs + (i * WindowMs), i, Like(i)));
        _journal.Write(new CommitManifest("log", TestLake.StartMs + 3_600_000, TestLake.StartMs + 3_900_000, 0, 2, null, null, [], [], new Dictionary<string, long>()));
        await new LakeCompactor(_lake.Options with { Path = _lake.Root }, TimeProvider.System) { Grace = TimeSpan.Zero }.CompactAsync(Token).ToListAsync(Token);

        (await Recent(TestLake.StartMs + (2 * WindowMs)).IdentitiesAsync(Token)).Should().HaveCount(2);
        _lake.Reader.Files().Should().ContainSingle();
    }

    public void Dispose() => _lake.Dispose();

    private static string Like(int key) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"did":"did:plc:a","time_us":{{{TestLake.StartMs * 1000}}},"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.like","rkey":"{{{key}}}","record":{"$type":"app.bsky.feed.like"},"cid":"c"}}""");

    private RecentRows Recent(long committedMs) => new(_lake.Layout, _journal, null, committedMs, null, null, TimeSpan.FromSeconds(60), NullLogger.Instance);

    /// <summary>A committed window with two likes.</summary>
    private async Task CommitAsync()
    {
        var staged = await _lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, Like(1), Like(2)));
        _journal.Write(new CommitManifest(
            "log", TestLake.StartMs, CommittedMs, 0, 2, null, null, [.. staged.Files.Select(f => f.Name.RelativePath)], [], new Dictionary<string, long>()));
    }

    private async Task<StagedWindow> StageAsync(bool mayRepeat, params string[] events)
    {
        var entry = TestLake.Entry(CommittedMs, 2, events) with { MayRepeat = mayRepeat };
        using var staging = StagingArea.Open(_lake.Layout);
        await using var builder = new WindowBuilder(
            TimeWindow.Containing(CommittedMs, _lake.Options.Window), null, 2, _lake.Options, new EventLimits(), Recent(CommittedMs), new TablePool(), staging);
        await builder.AddAsync(entry, Token);
        return await builder.FinishAsync(Token);
    }
}
