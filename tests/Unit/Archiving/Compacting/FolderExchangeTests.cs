using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Compacting;

public sealed class FolderExchangeTests : IDisposable
{
    private readonly DirectoryInfo _one = Directory.CreateTempSubdirectory("exchange-");
    private readonly DirectoryInfo _other = Directory.CreateTempSubdirectory("exchange-");

    [Fact]
    public void Each_has_what_the_other_had()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Folders are exchanged on Linux only.");
        File.WriteAllText(Path.Combine(_one.FullName, "one"), "");
        File.WriteAllText(Path.Combine(_other.FullName, "other"), "");

        FolderExchange.Swap(_one.FullName, _other.FullName);

        (Only(_one), Only(_other)).Should().Be(("other", "one"));
    }

    [Fact]
    public void Where_it_cannot_be_done_in_one_step_it_is_not_done()
    {
        const string OtherFileSystem = "/dev/shm";
        Assert.SkipUnless(Directory.Exists(OtherFileSystem), "No second file system at /dev/shm.");
        var elsewhere = Directory.CreateDirectory(Path.Combine(OtherFileSystem, $"exchange-{Guid.NewGuid():N}"));
        try
        {
            var swap = () => FolderExchange.Swap(_one.FullName, elsewhere.FullName);

            swap.Should().Throw<LakeException>().WithMessage("*cannot exchange two folders in one step*Nothing was changed*--window 1h*");
        }
        finally
        {
            elsewhere.Delete();
        }
    }

    [Fact]
    public void A_folder_that_is_gone_is_an_error_of_the_disk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Folders are exchanged on Linux only.");
        var swap = () => FolderExchange.Swap(_one.FullName, _other.FullName + "-gone");

        swap.Should().Throw<IOException>().WithMessage("*-gone*");
    }

    public void Dispose()
    {
        _one.Delete(recursive: true);
        _other.Delete(recursive: true);
    }

    private static string Only(DirectoryInfo folder) => folder.EnumerateFiles().Single().Name;
}
