using System.Diagnostics;
using Docker.DotNet;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Images;

namespace Pipeline.Tests.Harness;

/// <summary>
/// The container engine of this machine. Await <see cref="RequireAsync"/> (or take an image from <see cref="TestImages"/>, which does)
/// before the first use of Testcontainers: it settles things Testcontainers reads only once.
/// </summary>
public static class ContainerEngine
{
    /// <summary>Put <c>.WithLabel(ContainerEngine.SessionLabel, ContainerEngine.Session)</c> on every container and volume: leftovers are swept by it.</summary>
    public const string SessionLabel = "pipeline.tests.session";

    // Testcontainers' own default, named here because it keeps that to itself and we must know whether it can be had.
    private const string Reaper = "testcontainers/ryuk:0.14.0";

    // Testcontainers speaks this API version unless told otherwise, and older engines refuse to answer it.
    private static readonly Version s_testcontainersApi = new(1, 44);
    private static readonly Lazy<Task<string?>> s_problem = new(FindProblemAsync);
    private static int s_sweeps;
    private static readonly Lazy<IDockerClient> s_client =
        new(() => TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.NewGuid()).Build());

    /// <summary>One value per run: given by <c>./test</c>, which sweeps after us should we be killed, or made up.</summary>
    public static string Session { get; } = Environment.GetEnvironmentVariable("TESTS_SESSION") ?? Guid.NewGuid().ToString("N");

    /// <summary>The engine itself, for faults that Testcontainers does not offer. Await <see cref="RequireAsync"/> first.</summary>
    public static IDockerClient Client => s_client.Value;

    /// <summary>Skips the calling test, or fails it in CI, when no engine answers.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static async Task RequireAsync()
    {
        if (await s_problem.Value is { } problem)
            throw new ContainersUnavailableException(problem);
    }

    /// <summary>Turns the reaper off when its image cannot be had, and sweeps at exit instead.</summary>
    internal static async Task<bool> SettleReaperAsync(bool registryAnswers)
    {
        if (!TestcontainersSettings.ResourceReaperEnabled)
        {
            SweepAtExit();
            return false;
        }

        var image = (TestcontainersSettings.ResourceReaperImage ??= new DockerImage(Reaper)).FullName;
        var here = await Command.RunAsync(Deadlines.Engine, null, "docker", "image", "inspect", image);
        if (here.Succeeded || (registryAnswers && (await Command.RunAsync(Deadlines.Container, null, "docker", "pull", "-q", image)).Succeeded))
            return true;

        TestcontainersSettings.ResourceReaperEnabled = false;
        SweepAtExit();
        return false;
    }

    private static async Task<string?> FindProblemAsync()
    {
        var answer = await Command.RunAsync(Deadlines.Engine, null, "docker", "version", "--format", "{{.Server.APIVersion}}");
        if (!answer.Succeeded || !Version.TryParse(answer.Output, out var version))
            return $"No container engine answers: {answer.Error.Split('\n')[0]} Run ./test, which installs and starts Docker.";

        if (version < s_testcontainersApi && Environment.GetEnvironmentVariable("DOCKER_API_VERSION") is null)
            Environment.SetEnvironmentVariable("DOCKER_API_VERSION", answer.Output);
        return null;
    }

    private static void SweepAtExit()
    {
        // Every kind of image settles the reaper; one sweep is enough.
        if (Interlocked.Exchange(ref s_sweeps, 1) == 0) AppDomain.CurrentDomain.ProcessExit += (_, _) => Sweep();
    }

    private static void Sweep()
    {
        var filter = $"--filter label={SessionLabel}={Session}";
        var sweep = $"docker ps -aq {filter} | xargs -r docker rm -fv; docker volume ls -q {filter} | xargs -r docker volume rm -f";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"({sweep}) > /dev/null 2>&1"]));
        shell?.WaitForExit(Deadlines.Engine);
    }
}
