namespace Pipeline.Tests.Harness;

/// <summary>An image and a program in it; the official images and the one of docker/images/build name their programs differently.</summary>
/// <param name="Image">As <c>docker run</c> takes it.</param>
/// <param name="Program">The server.</param>
/// <param name="Checker">The program beside it that checks its files; null where there is none.</param>
public sealed record ToolImage(string Image, string Program, string? Checker)
{
    /// <summary>Where <see cref="CheckAsync"/> has a folder's files.</summary>
    public const string Folder = "/files";

    /// <summary>Runs the checker on a folder, without a network. What it prints is one text: its complaints go to either stream.</summary>
    /// <param name="folder">Is at <see cref="Folder"/>, and only read.</param>
    public async Task<(int ExitCode, string Text)> CheckAsync(string folder, params string[] arguments)
    {
        var checker = Checker ?? throw new InvalidOperationException($"{Image} has no program that checks files.");
        var result = await Command.RunAsync(
            Deadlines.Check, null, "docker",
            ["run", "--rm", "--network", "none", "--label", $"{ContainerEngine.SessionLabel}={ContainerEngine.Session}", "-v", $"{folder}:{Folder}:ro", "--entrypoint", checker, Image, .. arguments]);
        return (result.ExitCode, string.Join('\n', new[] { result.Output, result.Error }.Where(t => t.Length > 0)));
    }
}
