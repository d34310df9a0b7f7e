namespace Pipeline.Archiving.Verifying;

/// <summary>
/// Collects garbage before there is much of it. Decoded columns live just long enough to reach the oldest generation and die there, and
/// on a machine with memory to spare the runtime lets more of them lie than are in use. Safe for concurrent use.
/// </summary>
internal sealed class MemoryBrake
{
    private const long Garbage = 64L << 20;

    private long _live = GC.GetTotalMemory(forceFullCollection: false);

    /// <summary>To be called between row groups.</summary>
    public void Touch()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) - Interlocked.Read(ref _live) < Garbage) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        Interlocked.Exchange(ref _live, GC.GetTotalMemory(forceFullCollection: false));
    }
}
