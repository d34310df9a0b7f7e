using System.Globalization;

namespace Pipeline.Bench.Peers;

/// <summary>How much more memory this process takes at its peak than it had at the beginning, as Linux counts it.</summary>
internal sealed class PeakMemory
{
    private readonly long? _before;

    private PeakMemory(long? before) => _before = before;

    public long? Bytes => _before is { } before ? ProcessMemory.Peak(Environment.ProcessId) - before : null;

    public static PeakMemory Start()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            // 5 sets the peak back to what is resident now (man 5 proc_pid_clear_refs).
            File.WriteAllText("/proc/self/clear_refs", 5.ToString(CultureInfo.InvariantCulture));
            return new PeakMemory(ProcessMemory.Peak(Environment.ProcessId));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PeakMemory(null);
        }
    }
}
