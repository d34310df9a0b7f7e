namespace Pipeline.Tests.Harness;

/// <summary>The images tests run on. <c>docker/images/pick</c> pins and chooses them, for <c>./test</c> and plain <c>dotnet test</c> alike.</summary>
public static class TestImages
{
    private const string Local = "pipeline-test-tools:";
    private static readonly Lazy<Task<string>> s_redis = new(() => PickAsync("redis"));

    /// <summary>An image with <c>redis-server</c> and <c>redis-cli</c>, present on this machine. Chosen once per process.</summary>
    /// <exception cref="ContainersUnavailableException"/>
    public static Task<string> RedisAsync() => s_redis.Value;

    private static async Task<string> PickAsync(string name)
    {
        await ContainerEngine.RequireAsync();
        var pick = await Command.RunAsync(Deadlines.Image, Console.WriteLine, "bash", Repository.File("docker", "images", "pick"), name);
        if (!pick.Succeeded)
            throw new InvalidOperationException($"docker/images/pick {name} ended with {pick.ExitCode}: {pick.Error}");

        var image = pick.Output;
        var reaper = await ContainerEngine.SettleReaperAsync(registryAnswers: !image.StartsWith(Local, StringComparison.Ordinal));
        var server = await Command.RunAsync(Deadlines.Container, null, "docker", "run", "--rm", image, $"{name}-server", "--version");
        Console.WriteLine($"containers: {name} is {image} ({server.Output}), leftovers removed by {(reaper ? "Ryuk" : "the tests")}");
        return image;
    }
}
