using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

/// <summary>What the pipeline keeps for itself: staging folders and manifests.</summary>
public sealed class OwnFolderTests : IDisposable
{
    private readonly SmallLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Temporary_files_of_a_dead_writer_are_found()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        _lake.WriteText("_pipeline/staging/deadbeef.lock", "");
        _lake.WriteText("_pipeline/staging/deadbeef/1-post.tmp", "half");
        _lake.WriteText("_pipeline/staging/deadbeef/2-like.tmp", "a file");

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.LeftOver);
        finding.Path.Should().Be("_pipeline/staging/deadbeef");
        finding.Message.Should().Contain("2 temporary file(s), 10 bytes").And.Contain("pipeline write");
    }

    [Fact]
    public async Task A_manifest_that_is_forgotten_meanwhile_misses_no_file()
    {
        var manifest = _lake.WriteManifest(await _lake.WriteAsync(Wire.Noon, Wire.Post("a")), m => m with { Files = [.. m.Files, "gone.parquet"] });
        var verifier = new LakeVerifier(_lake.Layout);

        var report = await verifier.VerifyAsync(new Meanwhile(() => File.Delete(_lake.Full(manifest))), TestContext.Current.CancellationToken);

        report.Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_temporary_file_without_a_writers_folder_is_found()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        var path = _lake.WriteText("_pipeline/staging/1-post.tmp", "half");

        (await _lake.OnlyFindingAsync()).Should().Match<LakeFinding>(f => f.Kind == LakeFindingKind.LeftOver && f.Path == path);
    }

    [Fact]
    public async Task The_files_of_a_living_writer_are_only_a_note()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        using var staging = StagingArea.Open(_lake.Layout);
        await File.WriteAllTextAsync(staging.NewFile("post"), "half", TestContext.Current.CancellationToken);

        var report = await _lake.VerifyAsync();

        report.Findings.Should().BeEmpty();
        report.Notes.Should().ContainSingle().Which.Should().Contain("writer is at work");
    }

    [Fact]
    public async Task A_file_that_a_manifest_names_and_that_is_missing_is_found()
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        var manifest = _lake.WriteManifest(window);
        var path = window.Files[0].Name.RelativePath;
        File.Delete(_lake.Full(path));

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.MissingFile);
        finding.Path.Should().Be(path);
        finding.Message.Should().Contain(manifest).And.Contain("pipeline write");
    }

    [Fact]
    public async Task A_manifest_that_counts_other_rows_than_its_files_hold_is_found()
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        var manifest = _lake.WriteManifest(window, m => m with { Rows = new Dictionary<string, long>(m.Rows) { ["like"] = 21 } });

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.WrongRowCount);
        finding.Path.Should().Be(manifest);
        finding.Message.Should().Contain("21 rows of table 'like'").And.Contain("hold 20");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    public async Task A_manifest_that_is_none_is_found(string text)
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        var path = _lake.WriteText("_pipeline/commits/log-0/20260704T120000Z.json", text);

        (await _lake.OnlyFindingAsync()).Should().Match<LakeFinding>(f => f.Kind == LakeFindingKind.BadManifest && f.Path == path);
    }

    private sealed class Meanwhile(Action act) : IProgress<LakeProgress>
    {
        public void Report(LakeProgress value) => act();
    }
}
