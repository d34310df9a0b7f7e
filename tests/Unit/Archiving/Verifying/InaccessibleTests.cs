using System.Runtime.Versioning;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

/// <summary>What may not be looked at was not verified, and is said.</summary>
[SupportedOSPlatform("linux")]
public sealed class InaccessibleTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enterable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const string Hour = "year=2026/month=07/day=04/hour=12";

    private readonly SmallLake _lake = new();
    private readonly List<string> _closed = [];

    public void Dispose()
    {
        foreach (var path in Enumerable.Reverse(_closed)) File.SetUnixFileMode(path, Owner);
        _lake.Dispose();
    }

    [Theory]
    [InlineData(UnixFileMode.None)]
    [InlineData(Readable)]
    [InlineData(Enterable)]
    public async Task A_partition_is_found(UnixFileMode mode)
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        await _lake.WriteAsync(Wire.Noon.AddHours(1), Wire.Mixture("n"));
        _lake.WriteManifest(window);

        var finding = OnlyFinding(Hour, mode);

        finding.Path.Should().Be(Hour);
        finding.Message.Should().Contain("not checked").And.Contain("permissions");
    }

    [Theory]
    [InlineData("_pipeline/commits")]
    [InlineData("_pipeline/commits/log-0/20260704T120000Z.json")]
    [InlineData("_pipeline/staging")]
    public async Task What_the_pipeline_keeps_for_itself_is_found(string path)
    {
        _lake.WriteManifest(await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m")));

        OnlyFinding(path, UnixFileMode.None).Path.Should().Be(path);
    }

    [Fact]
    public async Task The_pipelines_own_folder_as_a_whole_is_found()
    {
        _lake.WriteManifest(await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m")));
        Close("_pipeline", UnixFileMode.None);

        FewRights.Run(Verify).Findings.Should().OnlyContain(f => f.Kind == LakeFindingKind.Inaccessible)
            .And.Subject.Select(f => f.Path).Should().Equal("_pipeline/commits", "_pipeline/staging");
    }

    [Fact]
    public async Task A_lake_is_refused()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        Close("", UnixFileMode.None);

        FluentActions.Invoking(() => FewRights.Run(Verify)).Should().Throw<LakeException>().WithMessage("*cannot be read*");
    }

    private LakeFinding OnlyFinding(string path, UnixFileMode mode)
    {
        Close(path, mode);
        var finding = SmallLake.OnlyFinding(FewRights.Run(Verify));
        finding.Kind.Should().Be(LakeFindingKind.Inaccessible);
        return finding;
    }

    private void Close(string path, UnixFileMode mode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Permissions are tried as another user, which is Linux' own call.");
        // A temporary folder is made for its owner alone.
        File.SetUnixFileMode(_lake.Layout.Root, Owner | Readable | Enterable);
        File.SetUnixFileMode(_lake.Full(path), mode);
        _closed.Add(_lake.Full(path));
    }

    // The folders are listed before anything is handed to other threads, which have their rights.
    private LakeReport Verify() => _lake.VerifyAsync().GetAwaiter().GetResult();
}
