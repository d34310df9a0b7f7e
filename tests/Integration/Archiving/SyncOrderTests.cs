using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Archiving;

/// <summary>
/// What a power cut would leave cannot be seen without one. Whether the program asks the kernel for what survives it can: strace writes down every
/// fsync and rename of `pipeline write`, in order.
/// </summary>
public sealed partial class SyncOrderTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_file_is_synced_before_it_gets_its_name()
    {
        var calls = await TraceAsync();

        // A lock that a power cut takes away has no owner any more.
        var renamed = calls.Where(c => c.Name == "rename" && !c.To.EndsWith(".lock", StringComparison.Ordinal)).ToList();
        renamed.Count(c => c.To.EndsWith(".parquet", StringComparison.Ordinal)).Should().Be(5);
        renamed.Count(c => c.To.EndsWith(".json", StringComparison.Ordinal)).Should().BePositive("manifests are renamed, too");
        renamed.Where(r => !calls.Take(r.At).Any(c => c.Name == "fsync" && c.Path == r.Path)).Select(r => r.To).Should().BeEmpty();
    }

    [Fact]
    public async Task Every_folder_that_got_a_name_is_synced_after_it()
    {
        var calls = await TraceAsync();

        var renamed = calls.Where(c => c.Name == "rename" && c.To.EndsWith(".parquet", StringComparison.Ordinal)).ToList();
        renamed.Should().HaveCount(5);
        renamed.Where(r => !calls.Skip(r.At).Any(c => c.Name == "fsync" && c.Path == Path.GetDirectoryName(r.To))).Select(r => r.To).Should().BeEmpty();
    }

    private async Task<List<Call>> TraceAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && await RunAsync("strace", "-qq", "-o", "/dev/null", "true"), "Needs strace, and the right to use it.");

        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.IngestAsync(new MockSource(new MockFirehoseOptions { Events = 500 }), Token);
        var trace = Path.GetTempFileName();
        var pipeline = Path.Combine(Repository.Root, "src", "Pipeline", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "pipeline.dll");
        var succeeded = await RunAsync(
            "strace", "-f", "-qq", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o", trace,
            "dotnet", pipeline, "write", "--once", "--drain", "--window", "10s", "--redis", redis.ConnectionString, "--log", rig.Log.Name, "--lake", rig.Lake.Path);
        succeeded.Should().BeTrue("`pipeline write` works under strace");
        var calls = (await File.ReadAllLinesAsync(trace, Token)).Select((line, at) => Read(line, at)).OfType<Call>().ToList();
        File.Delete(trace);
        return [.. calls.Select((call, at) => call with { At = at })];
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() })!;
            await process.StandardOutput.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static Call? Read(string line, int at)
    {
        if (Sync().Match(line) is { Success: true } sync) return new Call(at, "fsync", sync.Groups["path"].Value, "");
        return Rename().Match(line) is { Success: true } rename ? new Call(at, "rename", rename.Groups["from"].Value, rename.Groups["to"].Value) : null;
    }

    [GeneratedRegex("""^\d+ +f(data)?sync\(\d+<(?<path>[^>]+)>""")]
    private static partial Regex Sync();

    [GeneratedRegex("^\\d+ +rename(at2?)?\\([^\"]*\"(?<from>[^\"]+)\",[^\"]*\"(?<to>[^\"]+)\"")]
    private static partial Regex Rename();

    /// <param name="Path">What is synced, or renamed.</param>
    private sealed record Call(int At, string Name, string Path, string To);
}
