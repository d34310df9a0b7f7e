using System.Diagnostics;
using System.Text;
using CsCheck;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;
using Pipeline.Archiving.Verifying;
using Pipeline.Monitoring;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Faults;
using Pipeline.Tests.Unit.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Compacting;

public sealed class LakeCompactorTests : IDisposable
{
    private const string Post = "year=2026/month=07/day=04/hour=12/type=post/post-";

    private readonly PiecemealLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_hours_files_of_a_table_become_one_named_after_its_first_and_last_window()
    {
        await _lake.FillAsync();

        var hours = await _lake.CompactAsync();

        _lake.Files("post").Should().Equal(Post + "20260704T120000Z-20260704T121000Z.parquet");
        hours.Select(h => (h.Table, h.FilesBefore, h.FilesAfter, h.LeftAlone)).Should().BeEquivalentTo(
            [("post", 3, 1, (string?)null), ("like", 3, 1, null), ("follow", 3, 1, null), ("rejected", 3, 1, null)]);
    }

    [Fact]
    public async Task Every_row_is_as_it_was()
    {
        await _lake.FillAsync(windows: 5, events: 50);
        var before = _lake.Rows();

        await _lake.CompactAsync();

        _lake.Rows().Should().Equal(before).And.HaveCountGreaterThan(1_000);
    }

    [Fact]
    public async Task Rows_of_any_shape_are_as_they_were() =>
        await OddEvents.AnyBytes.Array[2, 60].SampleAsync(
            async odd =>
            {
                using var lake = new PiecemealLake();
                await lake.WriteAsync(0, odd[..(odd.Length / 2)]);
                await lake.WriteAsync(1, odd[(odd.Length / 2)..]);
                lake.FinishedBefore(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
                var before = lake.Rows();

                await lake.CompactAsync();

                lake.Rows().Should().Equal(before).And.HaveCount(odd.Length);
            },
            iter: 20,
            threads: 1,
            print: events => string.Join('\n', events.Select(Encoding.UTF8.GetString)));

    [Fact]
    public async Task Rows_of_the_mock_are_as_they_were()
    {
        var events = MockEvents.Archived(6_000);
        await _lake.WriteAsync(0, events[..2_000]);
        await _lake.WriteAsync(1, events[2_000..2_001]);
        await _lake.WriteAsync(2, events[2_001..]);
        _lake.FinishedBefore(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var before = _lake.Rows();

        await _lake.CompactAsync();

        _lake.Rows().Should().Equal(before).And.HaveCount(6_000);
    }

    [Fact]
    public async Task A_compacted_lake_has_nothing_that_verify_finds_wrong_and_the_same_digest()
    {
        await _lake.FillAsync();
        var before = await _lake.VerifyAsync();

        await _lake.CompactAsync();

        var after = await _lake.VerifyAsync();
        after.Findings.Should().BeEmpty();
        after.Digest.Differences(before.Digest).Should().BeEmpty();
        after.Windows.Should().Be(before.Windows).And.Be(3);
    }

    [Fact]
    public async Task Rows_keep_the_order_of_their_windows()
    {
        await _lake.WriteAsync(1, Wire.Post("second"));
        await _lake.WriteAsync(0, Wire.Post("first"));
        await _lake.WriteAsync(2, Wire.Post("third"));
        _lake.FinishedBefore(Wire.Noon.AddHours(1));

        await _lake.CompactAsync();

        _lake.Reader.Query<string>($"SELECT rkey FROM {_lake.Reader.Source("post")}").Should().Equal("first", "second", "third");
    }

    [Fact]
    public async Task Done_again_it_finds_nothing_to_do()
    {
        await _lake.FillAsync();
        await _lake.CompactAsync();

        (await _lake.CompactAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_late_windows_rows_join_those_that_are_compacted()
    {
        await _lake.FillAsync();
        await _lake.CompactAsync();
        await _lake.WriteAsync(30, Wire.Post("late"));
        _lake.FinishedBefore(Wire.Noon.AddHours(9));
        var before = _lake.Rows();

        await _lake.CompactAsync();

        _lake.Rows().Should().Equal(before);
        _lake.Files("post").Should().Equal(Post + "20260704T120000Z-20260704T143000Z.parquet");
        (await _lake.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(59, 0)]
    [InlineData(60, 4)]
    public async Task An_hour_is_finished_when_every_manifest_is_of_a_later_one(int oldestManifest, int compacted)
    {
        await _lake.FillAsync();
        _lake.WriteManifest(Wire.Noon.AddMinutes(oldestManifest));

        (await _lake.CompactAsync()).Should().HaveCount(compacted);
    }

    [Theory]
    [InlineData(17, 61, 4)]
    [InlineData(16, 61, 0)]
    [InlineData(17, 59, 0)]
    public async Task A_manifest_that_the_next_commit_would_forget_holds_nothing_though_no_commit_follows(int manifests, int minutesOld, int compacted)
    {
        var first = (await _lake.FillAsync())[0];
        _lake.WriteManifest(Wire.Noon, [.. first.Files.Select(f => f.Name.RelativePath)]);
        for (var i = 0; i < manifests - 2; i++) _lake.WriteManifest(Wire.Noon.AddHours(2 + i));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(minutesOld));

        var hours = await _lake.Compactor(time).CompactAsync(Token).ToListAsync(Token);

        hours.Should().HaveCount(compacted);
        (await _lake.VerifyAsync()).Findings.Should().NotContain(f => f.Kind == LakeFindingKind.MissingFile);
    }

    [Fact]
    public async Task A_folder_with_a_file_of_a_window_that_may_be_written_again_is_left_as_it_is()
    {
        var late = (await _lake.FillAsync())[2];
        _lake.WriteManifest(Wire.Noon.AddHours(2), late.Files.Single(f => f.Name.Table == "post").Name.RelativePath);

        (await _lake.CompactAsync()).Select(h => h.Table).Should().BeEquivalentTo("like", "follow", "rejected");
        _lake.Files("post").Should().HaveCount(3);
    }

    [Fact]
    public async Task Without_manifests_nothing_is_touched()
    {
        await _lake.WriteAsync(0, Wire.Post("a"));
        await _lake.WriteAsync(1, Wire.Post("b"));

        await FluentActions.Awaiting(_lake.CompactAsync).Should().ThrowAsync<LakeException>().WithMessage("*no commit manifests*");
        _lake.Files("post").Should().HaveCount(2);
    }

    [Fact]
    public async Task A_damaged_file_keeps_its_folder_as_it_is_and_the_others_are_compacted()
    {
        var damaged = (await _lake.FillAsync())[1].Files.Single(f => f.Name.Table == "like").Name.RelativePath;
        var bytes = await File.ReadAllBytesAsync(_lake.Layout.Full(damaged), Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_lake.Layout.Full(damaged), bytes, Token);

        var hours = await _lake.CompactAsync();

        hours.Single(h => h.LeftAlone is not null).Should().Match<CompactedHour>(h => h.Table == "like" && h.LeftAlone!.Contains("checksum"));
        (_lake.Files("like").Count, _lake.Files("post").Count).Should().Be((3, 1));
    }

    [Fact]
    public async Task A_folder_with_something_of_somebody_elses_keeps_it()
    {
        await _lake.FillAsync();
        var note = Path.Combine(Path.GetDirectoryName(_lake.Layout.Full(_lake.Files("post")[0]))!, "README.txt");
        await File.WriteAllTextAsync(note, "mine", Token);

        var hours = await _lake.CompactAsync();

        hours.Single(h => h.Table == "post").LeftAlone.Should().Contain("something else");
        (_lake.Files("post").Count, File.Exists(note)).Should().Be((3, true));
    }

    [Fact]
    public async Task A_file_that_comes_while_the_hour_is_read_stays_and_the_hour_waits_for_the_next_time()
    {
        await _lake.FillAsync();
        var other = Path.Combine(_lake.Layout.Root, "other");
        var late = Post + "20260704T150000Z.parquet";
        File.Copy(_lake.Layout.Full(_lake.Files("post")[0]), other);
        using var watch = new StepWatch(step =>
        {
            if (step == CompactionStep.Merged && StagedPosts().Any() && File.Exists(other)) File.Move(other, _lake.Layout.Full(late));
        });

        var hours = await _lake.CompactAsync();

        _lake.Files("post").Should().HaveCount(4).And.Contain(late);
        hours.Should().ContainSingle(h => h.LeftAlone != null && h.LeftAlone.Contains("meanwhile"));
    }

    [Fact]
    public async Task A_window_that_is_written_again_while_its_hour_is_read_keeps_its_file()
    {
        await _lake.FillAsync();
        using var watch = new StepWatch(step =>
        {
            if (step == CompactionStep.Merged) _lake.WriteManifest(Wire.Noon.AddHours(2), [.. _lake.Files("post")]);
        });

        var hours = await _lake.CompactAsync();

        _lake.Files("post").Should().HaveCount(3);
        hours.Single(h => h.Table == "post").LeftAlone.Should().Contain("meanwhile");
    }

    [Theory]
    [InlineData(CompactionStep.Ready)]
    [InlineData(CompactionStep.Exchanged)]
    public async Task What_comes_from_somebody_who_knows_no_gate_is_not_lost(string meanwhile)
    {
        await _lake.FillAsync();
        var late = _lake.Layout.Full(Post + "20260704T150000Z.parquet");
        var saved = Path.Combine(_lake.Layout.Root, "saved");
        File.Copy(_lake.Layout.Full(_lake.Files("post")[0]), saved);
        using var watch = new StepWatch(step =>
        {
            if (step == meanwhile && StagedAsPost() && !File.Exists(late)) File.Copy(saved, late);
        });

        var hours = await _lake.CompactAsync();

        _lake.Files("post").Should().HaveCount(4);
        hours.Single(h => h.Table == "post").LeftAlone.Should().Contain("meanwhile");

        bool StagedAsPost() => Directory.EnumerateDirectories(_lake.Layout.Staging, "*-post", SearchOption.AllDirectories).Any();
    }

    [Fact]
    public async Task A_compacted_hour_may_be_read_and_written_by_whom_it_could_before()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may give files away.");
        if (!OperatingSystem.IsLinux()) return;
        const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;
        await _lake.FillAsync();
        var folder = Path.GetDirectoryName(_lake.Layout.Full(_lake.Files("post")[0]))!;
        Process.Start("chown", ["-R", "1234:2345", folder]).WaitForExit();
        File.SetUnixFileMode(folder, Folder);

        await _lake.CompactAsync();

        (FileOwner.Of(folder), File.GetUnixFileMode(folder)).Should().Be(((1234, 2345), Folder));
        FileOwner.Of(_lake.Layout.Full(_lake.Files("post").Single())).Should().Be((1234, 2345));
    }

    [Fact]
    public async Task Who_has_opened_a_folder_before_it_was_exchanged_may_list_it_to_its_end()
    {
        await _lake.FillAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var compacting = new LakeCompactor(_lake.Options, time) { Grace = TimeSpan.FromSeconds(2) }.CompactAsync(Token).ToListAsync(Token).AsTask();

        await Eventually.TrueAsync("every table to be compacted", () => LakeFileName.Tables.All(t => _lake.Files(t).Count < 2), Deadlines.Recovery);
        Replaced().Should().HaveCount(12);
        time.Advance(TimeSpan.FromSeconds(2));
        await compacting;

        Replaced().Should().BeEmpty();
    }

    [Fact]
    public async Task The_only_file_of_a_shard_comes_along_unless_it_is_damaged()
    {
        await _lake.FillAsync();
        var (path, other) = (_lake.Layout.Full(_lake.Files("post")[0]), _lake.Layout.Full(Post + "20260704T120000Z-1.parquet"));
        File.Copy(path, other);
        var bytes = await File.ReadAllBytesAsync(other, Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(other, bytes, Token);

        var damaged = await _lake.CompactAsync();
        File.Copy(path, other, overwrite: true);
        var sound = await _lake.CompactAsync();

        damaged.Single(h => h.Table == "post").LeftAlone.Should().Contain("checksum");
        sound.Single().Should().Match<CompactedHour>(h => h.LeftAlone == null && h.FilesBefore == 4 && h.FilesAfter == 2);
        (await _lake.VerifyAsync()).Findings.Should().OnlyContain(f => f.Kind == LakeFindingKind.DuplicateRow, "the copy made here has the same rows, and is whole");
    }

    [Fact]
    public async Task What_is_not_read_back_as_it_was_written_replaces_nothing()
    {
        await _lake.FillAsync();
        var before = _lake.Files("post");
        var another = _lake.Layout.Full(_lake.Files("post")[0]);
        using var watch = new StepWatch(step =>
        {
            // Not through .NET, which respects the lock of whoever is writing the file.
            foreach (var staged in step == Step.FileStaged ? StagedPosts() : []) Process.Start("cp", [another, staged]).WaitForExit();
        });

        await FluentActions.Awaiting(_lake.CompactAsync).Should().ThrowAsync<LakeException>().WithMessage("*read back*");

        _lake.Files("post").Should().Equal(before);
    }

    [Fact]
    public async Task It_waits_for_a_writer_that_is_just_publishing()
    {
        await _lake.FillAsync();
        var (writer, left, readyBefore) = (Task.CompletedTask, false, 0);
        using var watch = new StepWatch(step =>
        {
            if (step == CompactionStep.Merged && writer == Task.CompletedTask) writer = PublishAsync();
            if (step == CompactionStep.Ready && !left) readyBefore++;
        });

        await _lake.CompactAsync();
        await writer;

        (readyBefore, left, _lake.Files("post").Count).Should().Be((0, true, 1));

        async Task PublishAsync()
        {
            await using var gate = await LakeGate.EnterAsync(_lake.Layout, Token);
            await Task.Delay(TimeSpan.FromSeconds(1), Token);
            left = true;
        }
    }

    [Fact]
    public async Task Nothing_is_left_in_the_staging_area()
    {
        await _lake.FillAsync();

        await _lake.CompactAsync();

        Directory.EnumerateFileSystemEntries(_lake.Layout.Staging).Should().BeEmpty();
    }

    [Fact]
    public async Task A_look_says_what_would_be_done_and_does_nothing()
    {
        await _lake.FillAsync();

        var (hours, until) = _lake.Compactor().Look();

        (hours.Count, hours.Sum(h => h.FilesBefore), until).Should().Be((4, 12, Wire.Noon.AddHours(1)));
        _lake.Reader.Files().Should().HaveCount(12);
    }

    public void Dispose() => _lake.Dispose();

    private IEnumerable<string> Replaced() => Directory.EnumerateFiles(_lake.Layout.Staging, "*.parquet", SearchOption.AllDirectories);

    private IEnumerable<string> StagedPosts() => Directory.EnumerateFiles(_lake.Layout.Staging, "*-post.tmp", SearchOption.AllDirectories);
}
