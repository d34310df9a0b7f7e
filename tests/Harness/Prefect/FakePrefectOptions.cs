namespace Pipeline.Tests.Harness.Prefect;

/// <summary>The real server's times, made short.</summary>
public sealed record FakePrefectOptions
{
    /// <summary>How often its services look round: the scheduler, late runs, leases. Default 50 ms (5 to 60 s).</summary>
    public TimeSpan Services { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A run that has not begun this long after its time is late. Default 1 s (15 s).</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a run waits for a slot before it may ask again. Default 0.5 s (30 s).</summary>
    public TimeSpan SlotWait { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The first lease of a slot. Default 300 s, as the real one.</summary>
    public TimeSpan FirstLease { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How many runs of a schedule there are ahead. Default 3, the least of the real one.</summary>
    public int RunsAhead { get; init; } = 3;

    /// <summary>Answers 401 without this <c>Authorization</c> header. Default: none is asked for.</summary>
    public string? Authorization { get; init; }

    /// <summary>How far the server's clock is ahead of ours. Default 0.</summary>
    public TimeSpan ClockAhead { get; init; }
}
