using System.Globalization;

namespace Pipeline.Tests.Harness;

/// <summary>A folder on a memory disk of its own, which can be full and read-only as only a real disk can. Mounting needs root, or sudo without a password.</summary>
public sealed class SizedFolder : IAsyncDisposable
{
    private SizedFolder(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="ContainersUnavailableException">This machine does not let us mount.</exception>
    public static async Task<SizedFolder> MountAsync(int megabytes)
    {
        var folder = new SizedFolder(Directory.CreateTempSubdirectory("disk-").FullName);
        await RootAsync("mount", "-t", "tmpfs", "-o", $"size={Text(megabytes)}m,mode=0777", "tmpfs", folder.Path);
        return folder;
    }

    public Task ResizeAsync(int megabytes) => RootAsync("mount", "-o", $"remount,size={Text(megabytes)}m", Path);

    /// <summary>Makes the disk read-only. Waits for the moment in which nothing on it is open for writing.</summary>
    public Task MakeReadOnlyAsync() => Eventually.TrueAsync("the disk to become read-only", async () =>
    {
        await RootAsync("mount", "-o", "remount,ro", Path);
        return true;
    });

    public Task MakeWritableAsync() => RootAsync("mount", "-o", "remount,rw", Path);

    public async ValueTask DisposeAsync()
    {
        await RootAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task RootAsync(string program, params string[] arguments)
    {
        var result = Environment.IsPrivilegedProcess
            ? await Command.RunAsync(Deadlines.Engine, null, program, arguments)
            : await Command.RunAsync(Deadlines.Engine, null, "sudo", ["-n", program, .. arguments]);
        if (result.Succeeded) return;
        if (program == "mount" && arguments[0] == "-t") throw new ContainersUnavailableException($"Cannot mount a memory disk: {result.Error}");
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result.Error}");
    }
}
