using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class StagingAreaTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("staging-").FullName;
    private readonly LakeLayout _layout;

    public StagingAreaTests() => _layout = new LakeLayout(Path.Combine(_root, "lake"));

    [Fact]
    public void Its_files_are_its_own_and_gone_with_it()
    {
        string path;
        using (var staging = StagingArea.Open(_layout))
        {
            path = staging.NewFile("post");
            staging.NewFile("post").Should().NotBe(path);
            File.WriteAllText(path, "x");
        }

        File.Exists(path).Should().BeFalse();
        Directory.EnumerateFileSystemEntries(_layout.Staging).Should().BeEmpty();
    }

    [Fact]
    public void What_a_dead_writer_left_is_removed_and_what_a_living_one_has_is_not()
    {
        using var living = StagingArea.Open(_layout);
        var kept = living.NewFile("post");
        File.WriteAllText(kept, "x");
        var dead = Directory.CreateDirectory(Path.Combine(_layout.Staging, "dead"));
        File.WriteAllText(dead.FullName + ".lock", "");
        File.WriteAllText(Path.Combine(dead.FullName, "1-post.tmp"), "x");
        var unlocked = Directory.CreateDirectory(Path.Combine(_layout.Staging, "died-before-its-lock"));

        using var next = StagingArea.Open(_layout);

        File.Exists(kept).Should().BeTrue();
        (Exists(dead), Exists(unlocked)).Should().Be((false, false));
        Directory.EnumerateFileSystemEntries(_layout.Staging).Should().BeEquivalentTo([living.Path, living.Path + ".lock", next.Path, next.Path + ".lock"]);
    }

    [Fact]
    public void Two_writers_at_once_have_folders_of_their_own()
    {
        using var one = StagingArea.Open(_layout);
        using var other = StagingArea.Open(_layout);

        one.Path.Should().NotBe(other.Path);
        one.NewFile("post").Should().NotBe(other.NewFile("post"));
    }

    [Fact]
    public async Task Writers_that_start_together_sweep_together()
    {
        for (var round = 0; round < 20; round++)
        {
            for (var dead = 0; dead < 10; dead++)
            {
                var folder = Directory.CreateDirectory(Path.Combine(_layout.Staging, $"dead-{dead}")).FullName;
                for (var file = 0; file < 5; file++) File.WriteAllText(Path.Combine(folder, $"{file}.tmp"), "");
            }

            var open = Enumerable.Range(0, 4).Select(_ => Task.Run(() => StagingArea.Open(_layout)));
            foreach (var staging in await Task.WhenAll(open))
            {
                Directory.Exists(staging.Path).Should().BeTrue();
                staging.Dispose();
            }

            Directory.EnumerateFileSystemEntries(_layout.Staging).Should().BeEmpty();
        }
    }

    [Fact]
    public void A_lock_that_was_left_before_it_had_its_name_is_removed()
    {
        var left = Path.Combine(Directory.CreateDirectory(_layout.Staging).FullName, "0123456789ab.new");
        File.WriteAllText(left, "");
        using (var inUse = new FileStream(left, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        using (StagingArea.Open(_layout)) File.Exists(left).Should().BeTrue("its writer is about to name it");

        using (StagingArea.Open(_layout)) File.Exists(left).Should().BeFalse();
    }

    [Fact]
    public void No_reader_meets_a_file_that_is_being_written() =>
        Path.GetRelativePath(_layout.Root, _layout.Staging).Should().StartWith("_pipeline", "tools skip folders with an underscore");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static bool Exists(DirectoryInfo folder)
    {
        folder.Refresh();
        return folder.Exists;
    }
}
