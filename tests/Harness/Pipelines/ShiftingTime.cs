namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>A wall clock that jumps when told; timers and elapsed time go on as they do, like those of a host whose clock is set.</summary>
public sealed class ShiftingTime : TimeProvider
{
    private long _offset;
    private long _reads;

    /// <summary>How far the clock is ahead.</summary>
    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offset));
        set
        {
            Volatile.Write(ref _offset, value.Ticks);
            Volatile.Write(ref _reads, 0);
        }
    }

    /// <summary>How often the product has asked for the time since the last jump: proof that the jump reached it.</summary>
    public long Reads => Volatile.Read(ref _reads);

    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Increment(ref _reads);
        return System.GetUtcNow() + Offset;
    }
}
