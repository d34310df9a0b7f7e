using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class DurableFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("durable-").FullName;

    [Fact]
    public void Folders_are_created_with_their_parents_and_creating_them_again_is_fine()
    {
        var path = Path.Combine(_root, "a", "b c", "ü");
        DurableFile.CreateDirectory(path);
        DurableFile.CreateDirectory(path);

        Directory.Exists(path).Should().BeTrue();
    }

    [Fact]
    public void A_file_is_replaced_whole_and_leaves_no_temporary_one()
    {
        var path = Path.Combine(_root, "file");
        File.WriteAllText(path, "what was there, and longer than what follows");
        DurableFile.WriteAllBytes(path, "first one"u8);
        DurableFile.WriteAllBytes(path, "next"u8);

        File.ReadAllText(path).Should().Be("next");
        Directory.EnumerateFileSystemEntries(_root).Should().Equal(path);
    }

    [Fact]
    public void Of_two_who_write_the_first_file_one_succeeds_and_leaves_no_temporary_one()
    {
        var path = Path.Combine(_root, "file");
        DurableFile.WriteFirst(path, "first one"u8);
        DurableFile.WriteFirst(path, "next"u8);

        File.ReadAllText(path).Should().Be("first one");
        Directory.EnumerateFileSystemEntries(_root).Should().Equal(path);
    }

    [Fact]
    public void A_folder_that_is_not_there_cannot_be_synced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such call.");

        FluentActions.Invoking(() => DurableFile.SyncDirectory(Path.Combine(_root, "none"))).Should().Throw<IOException>().WithMessage("*none*No such file*");
    }

    [Fact]
    public void A_file_that_cannot_be_synced_is_an_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a file that refuses fsync.");

        FluentActions.Invoking(() => DurableFile.SyncDirectory("/dev/null")).Should().Throw<IOException>().WithMessage("*Cannot sync*");
    }

    [Fact]
    public void Who_is_reading_a_file_while_it_is_replaced_reads_the_old_one_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows refuses to replace a file that is open.");
        var path = Path.Combine(_root, "file");
        DurableFile.WriteAllBytes(path, "first one"u8);
        using var reader = new StreamReader(path);

        DurableFile.WriteAllBytes(path, "next"u8);

        reader.ReadToEnd().Should().Be("first one");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
