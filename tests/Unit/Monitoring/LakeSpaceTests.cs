using FluentAssertions;
using Pipeline.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

public sealed class LakeSpaceTests
{
    [Fact]
    public void A_folder_that_is_not_there_yet_is_on_its_parents_disk()
    {
        var parent = LakeSpace.Of(Path.GetTempPath());
        var space = LakeSpace.Of(Path.Combine(Path.GetTempPath(), "not-there", "lake"));

        space!.Size.Should().Be(parent!.Size).And.BePositive();
        space.Free.Should().BeInRange(0, space.Size);
    }
}
