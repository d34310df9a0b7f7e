using System.Text;
using System.Text.Json;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Pipeline.Tests.Harness.Lake;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

/// <summary>A small lake in a temporary folder, written by the product's own classes; gone when disposed.</summary>
internal sealed class SmallLake : IDisposable
{
    private readonly LakeOptions _options;

    public SmallLake(int rowGroupRows = 131_072)
    {
        Layout = new LakeLayout(Directory.CreateTempSubdirectory("lake-verifying-").FullName);
        _options = new LakeOptions { Path = Layout.Root, RowGroupRows = rowGroupRows };
    }

    public LakeLayout Layout { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Writes one window as the lake writer would; gives the relative paths of its files.</summary>
    public Task<StagedWindow> WriteAsync(DateTimeOffset window, params IReadOnlyList<byte[]> events) => WindowFiles.WriteAsync(_options, window, events, Stop);

    /// <summary>Writes the manifest of a window; other files or rows can be claimed.</summary>
    public string WriteManifest(StagedWindow staged, Func<CommitManifest, CommitManifest>? change = null)
    {
        var manifest = new CommitManifest(
            "log", staged.Window.StartMs, staged.Window.EndMs, 0, staged.ToOffset, null, null, [.. staged.Files.Select(f => f.Name.RelativePath)], [],
            staged.Files.GroupBy(f => f.Name.Table).ToDictionary(g => g.Key, g => g.Sum(f => f.Rows)));
        manifest = change?.Invoke(manifest) ?? manifest;
        return WriteText(
            $"_pipeline/commits/log-0/{staged.Window.Name}.json",
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(manifest, CommitManifestJson.Default.CommitManifest)));
    }

    public string Full(string relativePath) => Layout.Full(relativePath);

    public string WriteText(string relativePath, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(relativePath))!);
        File.WriteAllText(Full(relativePath), text);
        return relativePath;
    }

    /// <summary>Moves a file to another place of the lake; gives the place.</summary>
    public string Move(string relativePath, LakeFileName name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(name.RelativePath))!);
        File.Move(Full(relativePath), Full(name.RelativePath), overwrite: true);
        return name.RelativePath;
    }

    public Task<LakeReport> VerifyAsync(int keptFindings = 1000) => new LakeVerifier(Layout, keptFindings).VerifyAsync(null, Stop);

    /// <summary>The one finding that the lake has.</summary>
    public async Task<LakeFinding> OnlyFindingAsync() => OnlyFinding(await VerifyAsync());

    public static LakeFinding OnlyFinding(LakeReport report)
    {
        Assert.True(report.FindingCount == 1, $"Expected one finding, got {report.FindingCount}: {string.Join("\n", report.Findings)}");
        Assert.Single(report.Findings);
        return report.Findings[0];
    }

    public void Dispose() => Directory.Delete(Layout.Root, recursive: true);
}
