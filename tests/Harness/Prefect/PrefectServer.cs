using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Tests.Harness.Prefect;

/// <summary>A real Prefect server: at <c>PREFECT_TEST_API</c>, or in a container where its image can be had. One for all tests of the process.</summary>
public static class PrefectServer
{
    private const string Image = "prefecthq/prefect:3.4.11-python3.12";
    private const string Port = "4200";

    private static readonly Lazy<Task<(string? Api, string? Problem)>> _server = new(FindAsync);

    /// <summary>Where its API is, or why there is none.</summary>
    public static Task<(string? Api, string? Problem)> GetAsync() => _server.Value;

    private static async Task<(string? Api, string? Problem)> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("PREFECT_TEST_API") is { Length: > 0 } api) return (api, null);
        await ContainerEngine.RequireAsync();
        if (!await HasImageAsync()) return (null, $"No Prefect server: PREFECT_TEST_API is not set, and no registry gives {Image}.");

        // Short service loops: what takes a minute there takes seconds here.
        var start = await Command.RunAsync(
            Deadlines.Container, null, "docker", "run", "-d", "--rm", "--label", $"{ContainerEngine.SessionLabel}={ContainerEngine.Session}", "-p", $"127.0.0.1::{Port}",
            "-e", "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS=2", "-e", "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS=2", "-e", "PREFECT_SERVER_ANALYTICS_ENABLED=false",
            Image, "prefect", "server", "start", "--host", "0.0.0.0");
        if (!start.Succeeded) return (null, $"{Image} does not start: {start.Error}");
        var address = await Command.RunAsync(Deadlines.Engine, null, "docker", "port", start.Output.Trim(), Port);
        api = $"http://{address.Output.Split('\n')[0].Trim()}/api";
        using var http = new HttpClient();
        await Eventually.TrueAsync("Prefect to answer", async () => (await http.GetAsync(new Uri($"{api}/health"))).IsSuccessStatusCode, Deadlines.Image);
        return (api, null);
    }

    [SuppressMessage("Reliability", "CA2016", Justification = "Shared by all tests: none may cancel it.")]
    private static async Task<bool> HasImageAsync()
    {
        if ((await Command.RunAsync(Deadlines.Engine, null, "docker", "image", "inspect", Image)).Succeeded) return true;

        // Asked separately because a slow pull is worth waiting for and a silent registry is not.
        return (await Command.RunAsync(Deadlines.Engine, null, "docker", "manifest", "inspect", Image)).Succeeded
            && (await Command.RunAsync(Deadlines.Image, Console.WriteLine, "docker", "pull", "-q", Image)).Succeeded;
    }
}
