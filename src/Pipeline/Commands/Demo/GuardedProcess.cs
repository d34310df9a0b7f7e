using System.Diagnostics;

namespace Pipeline.Commands.Demo;

/// <summary>
/// A child process that ends with this one, however this one ends: a guard beside it waits for our end of a pipe to close, which it does
/// also when we are killed.
/// </summary>
internal static class GuardedProcess
{
    // Ctrl-C and a closed terminal reach the whole group; neither may take the guard before it has done its work.
    private const string Script =
        """
        trap '' INT HUP
        exec 3<&0 4>&2 2> /dev/null
        folder=$1; shift
        "$@" < /dev/null 3<&- 2>&4 &
        child=$!
        (exec 4>&-; read -r _ <&3 || gone=1; trap '' TERM; kill -9 $child; [ -z "$gone" ] || rm -rf "$folder") &
        guard=$!
        exec 3<&- 4>&-
        wait $child; code=$?
        kill $guard
        exit $code
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>False where there is no shell to guard with.</summary>
    public static bool IsPossible => !OperatingSystem.IsWindows();

    /// <param name="folder">Removed when we are killed.</param>
    public static Process Start(string folder, ProcessStartInfo child) => Process.Start(new ProcessStartInfo("sh", ["-c", Script, "sh", folder, child.FileName, .. child.ArgumentList])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = child.RedirectStandardOutput,
    })!;

    /// <summary>Ends the child and waits until it is gone.</summary>
    public static async Task StopAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteLineAsync("stop");
            await process.StandardInput.FlushAsync();
            await process.WaitForExitAsync().WaitAsync(_patience);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // It has ended already, or somebody took the guard away.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
