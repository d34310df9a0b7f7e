using System.ComponentModel;
using System.Diagnostics;

namespace Pipeline.Tests.Harness;

/// <summary>Runs a program with a time limit; a program that is missing or late is a failed result, not an exception.</summary>
internal static class Command
{
    public static async Task<CommandResult> RunAsync(TimeSpan limit, Action<string>? onErrorLine, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
                var errors = new List<string>();
                while (await process.StandardError.ReadLineAsync(deadline.Token) is { } line)
                {
                    errors.Add(line);
                    onErrorLine?.Invoke(line);
                }

                await process.WaitForExitAsync(deadline.Token);
                return new(process.ExitCode, (await output).Trim(), string.Join('\n', errors).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return new(-1, "", $"'{program} {string.Join(' ', arguments)}' took longer than {limit.TotalSeconds:0} s.");
            }
        }
        catch (Win32Exception exception)
        {
            return new(-1, "", $"Cannot run '{program}': {exception.Message}.");
        }
    }
}
