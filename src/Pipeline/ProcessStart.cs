using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Pipeline;

/// <summary>When a process of this machine began, which tells it from an earlier one of the same number.</summary>
internal static class ProcessStart
{
    /// <summary>This process'; null where the system does not say.</summary>
    public static string? Own { get; } = Of(Environment.ProcessId);

    /// <summary>Whether a process is still there.</summary>
    /// <param name="start">When it began; null where that is not known, and any process of its number is taken for it.</param>
    public static bool IsRunning(int process, string? start)
    {
        try
        {
            using var other = Process.GetProcessById(process);
            return start is null || Of(process) is not { } its || its == start;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>When a process began, in letters, digits and dots, the same whoever asks and however the clock is set; null where the system does not say.</summary>
    public static string? Of(int process)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OfLinux(process) : OfOther(process);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    // .NET would add this to when the machine was started by today's clock, which is another after the clock was set.
    private static string OfLinux(int process)
    {
        const int startTime = 22;
        const int state = 3;
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id");

        // The second field is the program's name, and may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return $"{boot[..8]}.{fields[startTime - state]}";
    }

    private static string OfOther(int process)
    {
        using var other = Process.GetProcessById(process);
        return other.StartTime.ToUniversalTime().Ticks.ToString("x", CultureInfo.InvariantCulture);
    }
}
