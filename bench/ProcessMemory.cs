using System.Globalization;

namespace Pipeline.Bench;

/// <summary>The memory of a process, as Linux tells it.</summary>
internal static class ProcessMemory
{
    /// <summary>The highest resident set so far, in bytes; 0 once the process is gone.</summary>
    public static long Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan("VmHWM:".Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
