using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class CommitJournalTests : IDisposable
{
    private const int Minute = 60_000;

    private readonly TestLake _lake = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CommitJournal _journal;

    public CommitJournalTests() => _journal = new CommitJournal(_lake.Layout, new LogKeys("test", 0), _time);

    private string Folder => Path.Combine(_lake.Layout.Commits, "test-0");

    [Fact]
    public void A_lake_without_a_commit_has_no_manifest()
    {
        _journal.ReadLastComplete().Should().BeNull();
        _journal.ReadBetween(0, long.MaxValue).Should().BeEmpty();
    }

    [Fact]
    public void A_manifest_comes_back_as_it_was_written()
    {
        var manifest = Manifest(0) with { Position = "mock/5", LastId = "17-3", Files = ["a", "b"], Stale = ["c"], Rows = new Dictionary<string, long> { ["post"] = 3 }, Ended = true };
        _journal.Write(manifest);
        Touch(manifest.Files);

        _journal.ReadLastComplete().Should().BeEquivalentTo(manifest);
        Directory.EnumerateFiles(Folder).Should().ContainSingle("the temporary file is renamed, not copied");
    }

    [Fact]
    public void The_newest_window_is_the_last_whatever_was_written_last()
    {
        foreach (var minute in new[] { 10, 5, 0 }) _journal.Write(Manifest(minute));

        _journal.ReadLastComplete()!.WindowStartMs.Should().Be(Start(10));
    }

    [Fact]
    public void A_window_whose_writer_died_before_its_files_appeared_is_not_in_the_lake()
    {
        _journal.Write(Manifest(0) with { Files = ["a"] });
        _journal.Write(Manifest(5) with { Files = ["b", "c"] });
        Touch(["a", "b"]);

        _journal.ReadLastComplete()!.WindowStartMs.Should().Be(Start(0));
    }

    [Fact]
    public void Windows_are_found_by_their_start()
    {
        foreach (var minute in new[] { 0, 5, 10, 15 }) _journal.Write(Manifest(minute));

        _journal.ReadBetween(Start(5), Start(15)).Select(m => m.WindowStartMs).Should().Equal(Start(5), Start(10));
        _journal.ReadBetween(Start(5) + 1, Start(15) + 1).Select(m => m.WindowStartMs).Should().Equal(Start(10), Start(15));
    }

    [Fact]
    public void A_window_that_took_in_others_replaces_their_manifests()
    {
        foreach (var minute in new[] { 0, 5, 10, 15 }) _journal.Write(Manifest(minute));

        _journal.Prune(Manifest(15), Start(5));

        _journal.ReadBetween(0, long.MaxValue).Select(m => m.WindowStartMs).Should().Equal(Start(0), Start(15));
    }

    [Fact]
    public void Manifests_are_forgotten_when_they_are_old_and_many_and_not_before()
    {
        for (var minute = 0; minute < 100; minute += 5) _journal.Write(Manifest(minute));
        _time.SetUtcNow(File.GetLastWriteTimeUtc(Directory.EnumerateFiles(Folder).First()).AddMinutes(59));
        _journal.Prune(Manifest(95), Start(95));
        _journal.ReadBetween(0, long.MaxValue).Should().HaveCount(20, "a log may still fall back behind them");

        _time.Advance(TimeSpan.FromMinutes(2));
        _journal.Prune(Manifest(95), Start(95));
        _journal.ReadBetween(0, long.MaxValue).Select(m => m.WindowStartMs).Should().HaveCount(16).And.StartWith(Start(20)).And.EndWith(Start(95));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{\"log_id\":5}")]
    [InlineData("null")]
    [InlineData("{}")]
    public void A_broken_manifest_stops_the_writer_and_says_where_it_is(string content)
    {
        _journal.Write(Manifest(0));
        var path = Directory.EnumerateFiles(Folder).Single();
        File.WriteAllText(path, content);

        FluentActions.Invoking(() => _journal.ReadLastComplete()).Should().Throw<LakeException>().WithMessage($"*{Path.GetFileName(path)}*not a commit manifest*verify*");
    }

    [Fact]
    public void Each_shard_has_a_journal_of_its_own()
    {
        _journal.Write(Manifest(0));

        new CommitJournal(_lake.Layout, new LogKeys("test", 1), _time).ReadLastComplete().Should().BeNull();
    }

    public void Dispose() => _lake.Dispose();

    private void Touch(IEnumerable<string> files)
    {
        foreach (var file in files) File.WriteAllText(_lake.Layout.Full(file), "");
    }

    private static long Start(int minute) => TestLake.StartMs + (minute * Minute);

    private static CommitManifest Manifest(int minute) =>
        new("log", Start(minute), Start(minute + 5), 0, 1, null, null, [], [], new Dictionary<string, long>());
}
