using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.Tests.Load.Engines;

/// <summary>Sleeps for less than the millisecond that Thread.Sleep takes at least (on Windows it spins): at 1,500 operations a second they are 667 µs apart.</summary>
internal static partial class ShortSleep
{
    private const double LongestMs = 100;

    /// <summary>Sleeps until shortly before a timestamp of <see cref="Stopwatch"/>, or a little beyond it.</summary>
    public static void Until(long timestamp)
    {
        var left = (timestamp - Stopwatch.GetTimestamp()) * 1e6 / Stopwatch.Frequency;
        if (left <= 0) return;
        if (OperatingSystem.IsWindows()) Thread.Yield();
        else _ = Sleep((uint)Math.Min(left, LongestMs * 1000));
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
