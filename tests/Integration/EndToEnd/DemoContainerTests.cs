using System.Diagnostics;
using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>The demo where there is no redis-server but Docker: nothing stays, however it ends, but what was asked to.</summary>
public sealed partial class DemoContainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demo-container-tests-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Calls => Path.Combine(_folder, "calls");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_runs_to_its_end_and_removes_the_container()
    {
        using var demo = await StartAsync("demo", "--events", "1000");

        (await demo.ExitCodeAsync(Token)).Should().Be(0, await demo.OutputAsync());
        (await demo.OutputAsync()).Should().Contain($"Redis: container {Name()}, port").And.Contain("Every event is in the lake exactly once.")
            .And.Contain("of 2.1 GB; 42.9 MB of it are ballast, however few the events.");
        await GoneAsync(Name());
    }

    [Theory]
    [InlineData("", 3, "events.jsonl' holds no events, so there is nothing to show.")]
    [InlineData("\n\n", 3, "events.jsonl' holds no events, so there is nothing to show.")]
    [InlineData("""{"did":"did:plc:a","time_us":1783173600000000,"kind":"identity","identity":{"did":"did:plc:a","handle":"a.example","seq":1,"time":"2026-07-04T14:00:00Z"}}""", 0, "1 received = 0 archived + 1 of kinds not archived + 0 repeated.")]
    public async Task A_file_without_events_to_archive_is_no_lake_gone_wrong(string events, int code, string message)
    {
        var file = Path.Combine(_folder, "events.jsonl");
        await File.WriteAllTextAsync(file, events, Token);
        using var demo = await StartAsync("demo", "--from", file);

        (await demo.ExitCodeAsync(Token)).Should().Be(code, await demo.OutputAsync());
        (await demo.OutputAsync()).Should().Contain(message).And.NotContain("WRONG");
        await GoneAsync(Name());
    }

    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 0)]
    [InlineData("KILL", 137)]
    public async Task The_container_ends_with_a_demo_that_is_stopped(string signal, int code)
    {
        using var demo = await StartAsync("demo", "--events", "1000000000");
        await Eventually.TrueAsync("the container runs", async () => File.Exists(Calls) && await StateAsync(Name()) == "running", Deadlines.Container);

        demo.Send(signal);

        (await demo.ExitCodeAsync(Token)).Should().Be(code);
        await GoneAsync(Name());
    }

    [Fact]
    public async Task The_container_stays_when_it_is_to_be_kept()
    {
        using var demo = await StartAsync("demo", "--events", "1000", "--keep");
        try
        {
            (await demo.ExitCodeAsync(Token)).Should().Be(0, await demo.OutputAsync());
            (await demo.OutputAsync()).Should().Contain($"To end it: docker rm -f {Name()}");
            (await StateAsync(Name())).Should().Be("running");
        }
        finally
        {
            await DockerAsync("rm", "-f", Name());
        }
    }

    /// <summary>Starts it with a path on which there is no redis-server, and a Docker that has this machine's image under the name that the demo asks for.</summary>
    private async Task<PipelineProgram> StartAsync(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for Docker is a shell script.");
        var image = await TestImages.RedisAsync();
        var bin = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        foreach (var program in new[] { "dotnet", "env", "sh" }) File.CreateSymbolicLink(Path.Combine(bin, program), Which(program));
        var docker = Path.Combine(bin, "docker");
        await File.WriteAllTextAsync(
            docker,
            $"""
            #!/bin/sh
            [ "$1" != run ] || echo "$@" > {Calls}
            for argument; do
              shift
              [ "$argument" != redis:8.0.2 ] || argument={image}
              set -- "$@" "$argument"
            done
            exec {Which("docker")} "$@"
            """,
            Token);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return PipelineProgram.Start(arguments, new Dictionary<string, string> { ["PATH"] = bin }, _folder);
    }

    private string Name() => ContainerName().Match(File.ReadAllText(Calls)).Value;

    private static string Which(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);

    private static Task GoneAsync(string name) =>
        Eventually.TrueAsync("the container is gone", async () => await StateAsync(name) == "", Deadlines.Container);

    private static async Task<string> StateAsync(string name) => name.Length == 0 ? "" : (await DockerAsync("ps", "-a", "--filter", $"name={name}", "--format", "{{.State}}")).Trim();

    private static async Task<string> DockerAsync(params string[] arguments)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        var output = await docker.StandardOutput.ReadToEndAsync(Token);
        await docker.WaitForExitAsync(Token);
        docker.ExitCode.Should().Be(0);
        return output;
    }

    [GeneratedRegex("pipeline-demo-[0-9a-f]{8}")]
    private static partial Regex ContainerName();
}
