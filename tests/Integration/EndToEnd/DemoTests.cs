using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>What a demo leaves behind when it is stopped at its worst moment, with a stand-in for Redis that starts and never answers.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demo-tests-").FullName;
    private readonly string _temporary;

    public DemoTests()
    {
        _temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, "redis-server");
        File.WriteAllText(program, $"#!/bin/sh\necho $$ > {_folder}/new; mv {_folder}/new {_folder}/pid\nexec sleep 600\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Nothing_is_left_of_a_demo_that_is_stopped_while_Redis_starts(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals, and no redis-server.");
        using var demo = Start("demo", "--events", "1000");
        await Eventually.TrueAsync("Redis is started", () => Task.FromResult(File.Exists(Path.Combine(_folder, "pid"))), Deadlines.Container);
        var redis = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid"), Token), CultureInfo.InvariantCulture);

        demo.Send(signal);
        (await demo.ExitCodeAsync(Token)).Should().Be(signal == "KILL" ? 137 : 0);

        await Eventually.TrueAsync("Redis has ended", () => Task.FromResult(!IsAlive(redis)), Deadlines.Container);
        await Eventually.TrueAsync("the folder is gone", () => Task.FromResult(Directory.GetDirectories(_temporary, "pipeline-demo-*").Length == 0), Deadlines.Container);
    }

    [Fact]
    public async Task A_folder_that_no_temporary_files_can_be_made_in_is_one_line()
    {
        using var demo = PipelineProgram.Start(["demo"], new Dictionary<string, string> { ["TMPDIR"] = Path.Combine(_folder, "none") }, _folder);

        (await demo.ExitCodeAsync(Token)).Should().Be(3);
        (await demo.ErrorAsync()).Trim().Should().StartWith("pipeline: Cannot make a temporary folder in ").And.NotContain("\n");
    }

    [Fact]
    public async Task A_second_demo_in_the_same_folder_does_not_remove_the_lake_of_the_first()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for Redis is a shell script.");
        using var first = Start("demo", "--events", "1000");
        await Eventually.TrueAsync("Redis is started", () => Task.FromResult(File.Exists(Path.Combine(_folder, "pid"))), Deadlines.Container);
        using var second = Start("demo", "--events", "1000");

        (await second.ExitCodeAsync(Token)).Should().Be(3, await second.OutputAsync());
        (await second.ErrorAsync()).Trim().Should().StartWith("pipeline: Another demo is writing ").And.NotContain("\n");
        first.Send("TERM");
        (await first.ExitCodeAsync(Token)).Should().Be(0);
    }

    private PipelineProgram Start(params string[] arguments) => PipelineProgram.Start(
        arguments,
        new Dictionary<string, string>
        {
            ["TMPDIR"] = _temporary,
            ["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        },
        _folder);

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
